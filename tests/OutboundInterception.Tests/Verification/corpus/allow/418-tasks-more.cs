// EXPECT: allow | category: benign
// Task combinators, WhenEach, WaitAsync, TimeProvider, ValueTask source
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N418;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var t = Task.Run(() => 1, ct); _ = await Task.WhenAll(t, Task.FromResult(2)); await foreach (var x in Task.WhenEach(t)) { _ = x.Result; } await t.WaitAsync(TimeSpan.FromSeconds(5), ct); await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct); _ = TimeProvider.System.GetTimestamp(); using var p = new PeriodicTimer(TimeSpan.FromMilliseconds(1)); await p.WaitForNextTickAsync(ct); _ = t.ContinueWith(static q => q.Result, ct); var ar = Task.CompletedTask.IsCompletedSuccessfully; await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new HttpResponseMessage();
    }
}

