// EXPECT: allow | category: benign
// PLINQ and Parallel
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Linq;
namespace Allow.N417;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Enumerable.Range(0, 9).AsParallel().Select(x => x * 2).Sum(); await Parallel.ForEachAsync([1, 2], ct, async (x, t) => await Task.Delay(x, t)); Parallel.For(0, 2, i => { });
        return new HttpResponseMessage();
    }
}

