// EXPECT: allow | category: benign
// vectors over spans
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Numerics;
namespace Allow.N461;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var v = new Vector3(stackalloc float[] { 1, 2, 3 }); _ = Vector3.Dot(v, Vector3.One); float[] to = new float[3]; v.CopyTo(to); _ = Vector2.Distance(new(1, 2), Vector2.Zero);
        return new HttpResponseMessage();
    }
}
