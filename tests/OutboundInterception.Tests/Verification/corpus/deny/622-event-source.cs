// EXPECT: deny | category: escape
// a source that others hear
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N622;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var source = new System.Diagnostics.Tracing.EventSource("a");
        return new HttpResponseMessage();
    }
}
