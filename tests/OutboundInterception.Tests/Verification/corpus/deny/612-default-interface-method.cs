// EXPECT: deny | category: escape
// a banned call in a default implementation
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N612;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); ((IMake)new Maker()).Create();
        return new HttpResponseMessage();
    }
}
internal interface IMake { object Create() => new System.Net.Sockets.UdpClient(); } internal sealed class Maker : IMake { }
