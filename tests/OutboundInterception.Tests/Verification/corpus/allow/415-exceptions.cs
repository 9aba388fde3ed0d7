// EXPECT: allow | category: benign
// own exceptions, filters, finally, rethrow, ExceptionDispatchInfo
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N415;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); try { throw new Ex("x", 3); } catch (Ex e) when (e.N == 3) { var i = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e); _ = i.SourceException.Message + e.StackTrace; } catch (AggregateException) { throw; } finally { n++; } ArgumentNullException.ThrowIfNull(request); ObjectDisposedException.ThrowIf(false, this); ArgumentOutOfRangeException.ThrowIfNegative(1);
        return new HttpResponseMessage();
    }
    private int n;
}
internal sealed class Ex(string m, int n) : InvalidOperationException(m) { public int N => n; }
