// EXPECT: allow | category: benign
// collection expressions of all kinds
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Linq; using System.Collections.Generic; using System.Collections.Immutable; using System.Collections.Frozen;
namespace Allow.N407;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Go([1, 2]);
        return new HttpResponseMessage();
    }
    private static void Go(System.Collections.Generic.IReadOnlyList<int> a) { Span<int> s = [1, 2, 3]; ReadOnlySpan<string> r = ["a", "b"]; System.Collections.Generic.HashSet<int> h = [.. a, 5]; ImmutableArray<int> i = [1, .. a]; System.Collections.Generic.IEnumerable<int> e = [.. h, .. i]; List<string> l = ["x", .. r]; ImmutableList<int> il = [1]; FrozenSet<int> f = [1, 2]; Dictionary<string, int> d = new() { ["a"] = 1 }; _ = s.Length + e.Count() + l.Count + il.Count + f.Count + d.Count; }
}

