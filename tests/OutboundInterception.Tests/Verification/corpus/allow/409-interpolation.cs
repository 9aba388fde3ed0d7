// EXPECT: allow | category: benign
// custom interpolated string handlers, Append, string.Create
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N409;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var sb = new System.Text.StringBuilder(); sb.Append(System.Globalization.CultureInfo.InvariantCulture, $"{1:x}{"b",5}"); _ = string.Create(3, 5, static (span, st) => span.Fill((char)(65 + st))); _ = FormattableString.Invariant($"{1.5}"); L($"{sb}");
        return new HttpResponseMessage();
    }
    private static void L(ref H h) { } private static void L(H h) { }
}
[System.Runtime.CompilerServices.InterpolatedStringHandler] internal ref struct H(int l, int f) { public void AppendLiteral(string s) { } public void AppendFormatted<T>(T t) { } }
