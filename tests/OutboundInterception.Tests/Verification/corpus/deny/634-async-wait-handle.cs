// EXPECT: deny | category: escape
// the handle behind a task
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N634;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = ((IAsyncResult)Task.CompletedTask).AsyncWaitHandle;
        return new HttpResponseMessage();
    }
}
