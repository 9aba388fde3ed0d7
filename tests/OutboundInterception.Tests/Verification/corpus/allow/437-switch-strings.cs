// EXPECT: allow | category: benign
// large switch, goto, labels, nested loops, ternaries, unchecked, bit ops, decimals
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N437;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); int t = 0; for (int i = 0; i < 3; i++) { for (int j = 0; j < 3; j++) { if (j == 2) goto next; t += i switch { 0 => 1, 1 => 2, _ => 3 }; } next: ; } switch (request.RequestUri!.AbsolutePath) { case "/a": t = 1; break; case "/b" when t > 1: t = 2; break; case "/c" or "/d": goto case "/a"; default: t = unchecked(int.MaxValue + t); break; } decimal d = 1.1m * t; _ = d > 3m ? Math.Round(d, 2, MidpointRounding.AwayFromZero) : decimal.Parse("1.0"); _ = t & ~1 ^ 3 << 2; const decimal K = 1.5m; _ = K;
        return new HttpResponseMessage();
    }
}

