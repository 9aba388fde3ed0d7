// EXPECT: deny | category: escape
// a banned call in a static virtual default
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N613;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Make<Maker>();
        return new HttpResponseMessage();
    }
    private static object Make<T>() where T : IMake => T.Create();
}
internal interface IMake { static virtual object Create() => System.Net.Dns.GetHostName(); } internal sealed class Maker : IMake { }
