// EXPECT: allow | category: benign
// patterns of all kinds, with an iterator and tuples
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic;
namespace Allow.N458;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); object o = (1, "a"); _ = o switch { (int n, string { Length: > 0 } s) when n > 0 => s, null => "", int[] and [1, .., var last] => last.ToString(), Uri { Scheme: "https" } u => u.Host, _ => throw new InvalidOperationException() }; foreach (var (i, c) in Pairs("ab")) _ = $"{i}:{c,-5}:{i:D3}"; DateTime? d = null; _ = d?.Year ?? 0;
        return new HttpResponseMessage();
    }
    private static IEnumerable<(int, char)> Pairs(string text) { for (int i = 0; i < text.Length; i++) yield return (i, text[i]); }
}
