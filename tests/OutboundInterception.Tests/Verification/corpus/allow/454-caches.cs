// EXPECT: allow | category: benign
// a cache of one's own: frozen, lazy, concurrent
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Concurrent; using System.Collections.Frozen; using System.Collections.Generic; using System.Runtime.CompilerServices; using System.Text;
namespace Allow.N454;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = s_codes["de"]; _ = s_lazy.Value.Count; _ = s_cache.GetOrAdd("a", static (k, n) => k.Length + n, 1); lock (s_lock) { _ = s_cache.Count; } Interlocked.Increment(ref s_count); _ = s_table.GetValue("k", static k => new StringBuilder((string)k)); _ = s_table.TryGetValue("k", out _);
        return new HttpResponseMessage();
    }
    private static int s_count; private static readonly Lock s_lock = new(); private static readonly FrozenDictionary<string, int> s_codes = new Dictionary<string, int> { ["de"] = 49 }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase); private static readonly Lazy<List<int>> s_lazy = new(() => [1]); private static readonly ConcurrentDictionary<string, int> s_cache = new(); private static readonly ConditionalWeakTable<object, StringBuilder> s_table = new();
}
