// EXPECT: allow | category: benign
// tuples, anonymous types, deconstruction, discards, out vars, named args
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N440;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); (int a, string b) t = (1, "x"); var (x, _) = t; (x, t.b) = (2, "y"); var an = new { x, t.b, N = new[] { new { Q = 1 } } }; _ = an.ToString() + an.N[0].Q; _ = int.TryParse(s: "1", result: out var n) ? n : 0; foreach (var (k, v) in new System.Collections.Generic.Dictionary<int, int>()) _ = k + v; _ = t == (1, "x"); (long, int, int, int, int, int, int, int, string) big = (1, 2, 3, 4, 5, 6, 7, 8, "9"); _ = big.Item9;
        return new HttpResponseMessage();
    }
}

