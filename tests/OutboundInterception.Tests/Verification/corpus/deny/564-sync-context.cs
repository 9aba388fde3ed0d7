// EXPECT: deny | category: process-state
// SynchronizationContext
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N564;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); SynchronizationContext.SetSynchronizationContext(null);
        return new HttpResponseMessage();
    }
}

