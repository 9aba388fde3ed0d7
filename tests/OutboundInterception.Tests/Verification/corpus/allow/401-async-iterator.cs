// EXPECT: allow | category: benign
// await foreach over an async iterator with cancellation
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N401;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); await foreach (var x in Go(ct).WithCancellation(ct).ConfigureAwait(false)) { _ = x; }
        return new HttpResponseMessage();
    }
    private static async System.Collections.Generic.IAsyncEnumerable<int> Go([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken c = default) { for (int i = 0; i < 3; i++) { await Task.Delay(1, c); yield return i; } }
}

