// EXPECT: allow | category: benign
// generic mathematics and static abstract members of one's own
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Numerics;
namespace Allow.N462;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Sum([1, 2, 3]) + Parse<Money>("1").Amount; _ = Parse<int>("5");
        return new HttpResponseMessage();
    }
    private static T Sum<T>(IEnumerable<T> values) where T : INumber<T> { T sum = T.Zero; foreach (T v in values) sum += v; return sum; } private static T Parse<T>(string s) where T : IParsable<T> => T.Parse(s, null);
}
internal readonly record struct Money(int Amount) : IParsable<Money> { public static Money Parse(string s, IFormatProvider? p) => new(int.Parse(s, p)); public static bool TryParse(string? s, IFormatProvider? p, out Money r) { r = default; return false; } }
