// EXPECT: deny | category: escape
// a banned type by a static abstract member
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N611;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Make<Sock>();
        return new HttpResponseMessage();
    }
    private static object Make<T>() where T : IMake => T.Create();
}
internal interface IMake { static abstract object Create(); } internal sealed class Sock : IMake { public static object Create() => new System.Net.Sockets.UdpClient(); }
