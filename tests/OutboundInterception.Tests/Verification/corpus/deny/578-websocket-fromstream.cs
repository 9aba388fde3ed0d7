// EXPECT: deny | category: direct
// WebSocket.CreateFromStream
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N578;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Net.WebSockets.WebSocket.CreateFromStream(new System.IO.MemoryStream(), new System.Net.WebSockets.WebSocketCreationOptions());
        return new HttpResponseMessage();
    }
}

