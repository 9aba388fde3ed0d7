// EXPECT: deny | category: escape
// a scheduler by an option
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N635;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new ParallelOptions { TaskScheduler = null };
        return new HttpResponseMessage();
    }
}
