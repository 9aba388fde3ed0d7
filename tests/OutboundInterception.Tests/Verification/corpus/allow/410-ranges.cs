// EXPECT: allow | category: benign
// ranges and indices
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N410;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); int[] a = [1, 2, 3, 4]; _ = a[1..^1].Length + a[^1]; _ = "hello"[1..3]; var l = new System.Collections.Generic.List<int>(a); _ = l is [1, .., var last] && last > 0; _ = a.AsSpan()[..2].Length;
        return new HttpResponseMessage();
    }
}

