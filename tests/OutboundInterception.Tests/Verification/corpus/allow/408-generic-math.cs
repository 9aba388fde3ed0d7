// EXPECT: allow | category: benign
// static abstracts and generic math
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N408;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Sum(new[] { 1, 2, 3 }) + Add(1, 2); _ = Parse<double>("1.5"); _ = Own.Make().V;
        return new HttpResponseMessage();
    }
    private static T Sum<T>(T[] xs) where T : System.Numerics.INumber<T> { var t = T.Zero; foreach (var x in xs) t += x; return t; } private static T Add<T>(T a, T b) where T : System.Numerics.IAdditionOperators<T, T, T> => a + b; private static T Parse<T>(string s) where T : ISpanParsable<T> => T.Parse(s, System.Globalization.CultureInfo.InvariantCulture);
}
internal interface IMake<T> where T : IMake<T> { static abstract T Make(); static virtual int N => 1; } internal readonly record struct Own(int V) : IMake<Own> { public static Own Make() => new(1); }
