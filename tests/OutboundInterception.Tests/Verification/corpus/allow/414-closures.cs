// EXPECT: allow | category: benign
// lambdas with captures, local functions, delegates, method groups
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N414;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); int n = 0; Func<int, int> f = x => x + n; Action g = () => n++; g(); int L(int q) => q < 1 ? 0 : L(q - 1) + n; _ = f(L(2)); var add = static (int a, int b = 3) => a + b; Comparison<string> c = string.CompareOrdinal; g += () => n--; _ = g.GetInvocationList().Length; _ = add(1, 2) + c("a", "b");
        return new HttpResponseMessage();
    }
}

