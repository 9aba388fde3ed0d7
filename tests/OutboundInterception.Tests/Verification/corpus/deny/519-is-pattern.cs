// EXPECT: deny | category: shape
// type pattern of a banned type
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N519;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); object o = request; _ = o is System.Net.Sockets.Socket;
        return new HttpResponseMessage();
    }
}

