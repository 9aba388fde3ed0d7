// EXPECT: deny | category: escape
// a banned static method as a delegate in a switch
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N639;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Func<string, System.Net.IPAddress[]> f = true switch { true => System.Net.Dns.GetHostAddresses, _ => null! }; _ = f;
        return new HttpResponseMessage();
    }
}
