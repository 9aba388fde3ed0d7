// EXPECT: deny | category: escape
// a meter that others hear
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N623;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var meter = new System.Diagnostics.Metrics.Meter("a");
        return new HttpResponseMessage();
    }
}
