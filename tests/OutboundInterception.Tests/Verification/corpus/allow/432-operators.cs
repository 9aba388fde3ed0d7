// EXPECT: allow | category: benign
// operators, conversions, indexers, checked, unsigned shift
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N432;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var a = new V(1, 2) + new V(3, 4) * 2; _ = (double)a + a[0]; V b = 3; b += a; _ = checked(1 + a.X) >>> 1; _ = a == b || !(a > b);
        return new HttpResponseMessage();
    }
}
#pragma warning disable CS0660, CS0661
internal readonly struct V(int x, int y) { public int X => x; public int Y => y; public int this[int i] => i == 0 ? x : y; public static V operator +(V a, V b) => new(a.X + b.X, a.Y + b.Y); public static V operator *(V a, int k) => new(a.X * k, a.Y * k); public static implicit operator V(int v) => new(v, v); public static explicit operator double(V v) => v.X; public static bool operator ==(V a, V b) => a.X == b.X; public static bool operator !=(V a, V b) => !(a == b); public static bool operator >(V a, V b) => a.X > b.X; public static bool operator <(V a, V b) => a.X < b.X; }
