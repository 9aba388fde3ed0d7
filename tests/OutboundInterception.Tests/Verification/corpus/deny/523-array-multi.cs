// EXPECT: deny | category: shape
// multi-dimensional array of a banned type
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N523;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.Net.Sockets.Socket[1, 1];
        return new HttpResponseMessage();
    }
}

