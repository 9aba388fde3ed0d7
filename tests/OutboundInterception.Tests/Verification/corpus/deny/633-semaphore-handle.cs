// EXPECT: deny | category: escape
// the handle behind a semaphore
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N633;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var s = new SemaphoreSlim(1); _ = s.AvailableWaitHandle;
        return new HttpResponseMessage();
    }
}
