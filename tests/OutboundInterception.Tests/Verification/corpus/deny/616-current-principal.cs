// EXPECT: deny | category: escape
// who the thread acts for
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N616;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); System.Threading.Thread.CurrentPrincipal = null;
        return new HttpResponseMessage();
    }
}
