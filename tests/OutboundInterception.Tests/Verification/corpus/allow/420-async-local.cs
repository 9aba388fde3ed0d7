// EXPECT: allow | category: benign
// AsyncLocal, Lazy, LazyInitializer with factory, WeakReference, ConditionalWeakTable
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N420;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); A.Value = "x"; _ = L.Value; object? o = null; _ = LazyInitializer.EnsureInitialized(ref o, () => new object()); _ = new WeakReference<object>(o!).TryGetTarget(out _); var t = new System.Runtime.CompilerServices.ConditionalWeakTable<object, string>(); t.Add(o!, "a"); _ = new Lazy<int>(() => 1, LazyThreadSafetyMode.ExecutionAndPublication).Value;
        return new HttpResponseMessage();
    }
    private static readonly AsyncLocal<string> A = new(); private static readonly Lazy<string> L = new(static () => "v");
}

