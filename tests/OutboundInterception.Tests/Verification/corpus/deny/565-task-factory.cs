// EXPECT: deny | category: process-state
// Task.Factory with a scheduler
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N565;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Task.Factory.StartNew(() => { }, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return new HttpResponseMessage();
    }
}

