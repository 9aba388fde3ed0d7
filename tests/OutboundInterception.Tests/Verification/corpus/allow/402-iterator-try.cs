// EXPECT: allow | category: benign
// iterator with try/finally
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N402;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); foreach (var s in It()) { _ = s.Length; }
        return new HttpResponseMessage();
    }
    private static System.Collections.Generic.IEnumerable<string> It() { try { yield return "a"; } finally { _ = 1; } }
}

