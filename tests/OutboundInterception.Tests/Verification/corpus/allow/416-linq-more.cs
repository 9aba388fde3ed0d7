// EXPECT: allow | category: benign
// LINQ joins, grouping, aggregates, chunk, zip, async LINQ
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Linq;
namespace Allow.N416;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var xs = Enumerable.Range(0, 10).ToArray(); _ = xs.Join(xs, a => a, b => b, (a, b) => a + b).GroupBy(x => x % 2).ToDictionary(g => g.Key, g => g.Sum()); _ = xs.Chunk(3).SelectMany(c => c).Zip(xs).MaxBy(p => p.First); _ = xs.ToLookup(x => x)[1].FirstOrDefault(); _ = xs.CountBy(x => x % 3).OrderByDescending(p => p.Value).ThenBy(p => p.Key).Index().Last(); await foreach (var x in xs.ToAsyncEnumerable().Where(x => x > 2)) { _ = x; } _ = from x in xs join y in xs on x equals y into g from z in g.DefaultIfEmpty() let w = z * 2 orderby w descending select new { x, w };
        return new HttpResponseMessage();
    }
}

