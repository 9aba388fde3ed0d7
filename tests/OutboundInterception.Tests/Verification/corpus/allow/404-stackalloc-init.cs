// EXPECT: allow | category: benign
// stackalloc with initialisers
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N404;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Go();
        return new HttpResponseMessage();
    }
    private static int Go() { Span<byte> a = stackalloc byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }; ReadOnlySpan<int> b = stackalloc int[] { 1, 2, 3, 4 }; Span<char> c = stackalloc char[16]; c.Fill((char)120); int n = b.Length; Span<long> e = n > 100 ? new long[n] : stackalloc long[n]; Span<byte> z = stackalloc byte[] { 7, 7, 7, 7, 7, 7, 7, 7 }; return a[1] + b[2] + (int)e[0] + z[0]; }
}

