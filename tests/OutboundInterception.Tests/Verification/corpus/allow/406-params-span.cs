// EXPECT: allow | category: benign
// params ReadOnlySpan and collections
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N406;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Sum(1, 2, 3) + Sum() + string.Concat("a", "b", "c", "d", "e"); _ = string.Format("{0}{1}{2}{3}", 1, 2, 3, 4); _ = P(1, 2);
        return new HttpResponseMessage();
    }
    private static int Sum(params ReadOnlySpan<int> xs) { int t = 0; foreach (var x in xs) t += x; return t; } private static int P(params System.Collections.Generic.List<object> l) => l.Count;
}

