// EXPECT: allow | category: benign
// own ref struct, scoped ref, ref fields
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N403;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Sum();
        return new HttpResponseMessage();
    }
    private static int Sum() { Span<int> s = stackalloc int[4]; s[0] = 1; var r = new R(s); return r.First; }
}
internal readonly ref struct R(Span<int> s) { private readonly ref int _f = ref s[0]; public int First => _f; }
