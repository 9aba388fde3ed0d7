// EXPECT: allow | category: benign
// queries of several kinds
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Linq;
namespace Allow.N466;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        var query = from x in new[] { 1, 2, 3 } join y in new[] { 2, 3 } on x equals y let z = x * y orderby z descending group z by z % 2 into g select new { g.Key, Sum = g.Sum() }; foreach (var row in query) _ = row.Key + row.Sum; _ = Enumerable.Range(0, 9).Chunk(3).SelectMany(c => c).Zip([1, 2]).ToLookup(p => p.First).CountBy(g => g.Key).Index().ToDictionary(p => p.Index); _ = await Numbers().Where(n => n > 0).Select(n => n * 2).ToListAsync(ct);
        return new HttpResponseMessage();
    }
    private static async IAsyncEnumerable<int> Numbers() { await Task.Yield(); yield return 1; }
}
