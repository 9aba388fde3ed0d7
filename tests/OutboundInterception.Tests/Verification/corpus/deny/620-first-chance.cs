// EXPECT: deny | category: escape
// hears of everybody's exceptions
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N620;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); AppDomain.CurrentDomain.FirstChanceException += (_, e) => _ = e;
        return new HttpResponseMessage();
    }
}
