// EXPECT: allow | category: benign
// lock, Lock, SemaphoreSlim, Interlocked, ReaderWriterLockSlim
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N419;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); lock (_o) { _n++; } lock (_l) { _n++; } using var s = new SemaphoreSlim(1); await s.WaitAsync(ct); s.Release(); Interlocked.Increment(ref _n); _ = Interlocked.CompareExchange(ref _s, "a", null); _ = Volatile.Read(ref _n); using var rw = new ReaderWriterLockSlim(); rw.EnterReadLock(); rw.ExitReadLock();
        return new HttpResponseMessage();
    }
    private readonly object _o = new(); private readonly Lock _l = new(); private int _n; private string? _s; private volatile bool _v;
}

