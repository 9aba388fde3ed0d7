// EXPECT: allow | category: benign
// params collections, raw strings, collection expressions
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Collections.Immutable;
namespace Allow.N446;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Sum(1, 2, 3) + Count([1, 2]); string raw = $$"""{"a": {{raw1}}}"""; int[] all = [1, .. new[] { 2, 3 }]; HashSet<int> set = [1, 2]; Span<int> span = [1, 2, 3]; ImmutableArray<string> names = ["a", raw]; _ = all.Length + set.Count + span[0] + names.Length;
        return new HttpResponseMessage();
    }
    private const int raw1 = 1; private static int Sum(params ReadOnlySpan<int> values) { int sum = 0; foreach (int v in values) sum += v; return sum; } private static int Count(params IEnumerable<int> values) => System.Linq.Enumerable.Count(values);
}
