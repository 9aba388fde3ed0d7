// EXPECT: deny | category: shape
// typeof of a banned type
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N520;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = typeof(System.Net.Sockets.Socket).Name;
        return new HttpResponseMessage();
    }
}

