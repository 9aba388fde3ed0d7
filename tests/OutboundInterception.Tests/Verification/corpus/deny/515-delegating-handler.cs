// EXPECT: deny | category: direct
// own DelegatingHandler
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N515;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new H();
        return new HttpResponseMessage();
    }
}
internal sealed class H : DelegatingHandler { }
