// EXPECT: allow | category: benign
// own inline array
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N405;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Go();
        return new HttpResponseMessage();
    }
    private static int Go() { var b = new Buf(); b[0] = 1; b[3] = 4; int i = 2; b[i] = 9; Span<int> s = b; ReadOnlySpan<int> r = b[..2]; int t = 0; foreach (var x in b) t += x; return t + s[1] + r[0]; }
}
[System.Runtime.CompilerServices.InlineArray(4)] internal struct Buf { private int _e; }
