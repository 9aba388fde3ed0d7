// EXPECT: deny | category: direct
// UnixDomainSocketEndPoint
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N574;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.Net.Sockets.UnixDomainSocketEndPoint("/x");
        return new HttpResponseMessage();
    }
}

