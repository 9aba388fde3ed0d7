// EXPECT: allow | category: benign
// System.Numerics vectors and BigInteger
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N441;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Numerics.Vector3.Dot(new(1, 2, 3), System.Numerics.Vector3.One) + (float)System.Numerics.BigInteger.Parse("12345678901234567890"); _ = new System.Numerics.Complex(1, 2).Magnitude; var v = new System.Numerics.Vector<int>(new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }); _ = System.Numerics.Vector.Sum(v); _ = UInt128.MaxValue > 3 && Half.One < (Half)2;
        return new HttpResponseMessage();
    }
}

