// EXPECT: allow | category: benign
// async disposal and an async stream with a token
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Runtime.CompilerServices;
namespace Allow.N451;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await using var thing = new Thing(); await foreach (var n in Numbers(ct).WithCancellation(ct).ConfigureAwait(false)) _ = n;
        return new HttpResponseMessage();
    }
    private static async IAsyncEnumerable<int> Numbers([EnumeratorCancellation] CancellationToken ct = default) { for (int i = 0; i < 2; i++) { await Task.Delay(1, ct); yield return i; } }
}
internal sealed class Thing : IAsyncDisposable { public ValueTask DisposeAsync() => ValueTask.CompletedTask; }
