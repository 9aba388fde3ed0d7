// EXPECT: deny | category: process-state
// ActivitySource
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N563;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.Diagnostics.ActivitySource("x");
        return new HttpResponseMessage();
    }
}

