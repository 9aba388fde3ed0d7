// EXPECT: deny | category: escape
// Exception.TargetSite
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N540;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); try { throw new Exception(); } catch (Exception e) { _ = e.TargetSite; }
        return new HttpResponseMessage();
    }
}

