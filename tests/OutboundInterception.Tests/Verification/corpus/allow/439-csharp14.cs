// EXPECT: allow | category: benign
// extension members, field keyword, null-conditional assignment, partial members, implicit spans
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N439;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var p = new P14 { Name = " x " }; p?.Name = "y"; _ = "abc".Half + string.Twice("a"); Use("abc"); Use2(new[] { 1, 2 }); _ = nameof(System.Collections.Generic.List<>);
        return new HttpResponseMessage();
    }
    private static void Use(ReadOnlySpan<char> s) { } private static void Use2(ReadOnlySpan<int> s) { }
}
internal sealed class P14 { public string Name { get; set => field = value.Trim(); } = ""; } internal static class E14 { extension(string s) { public string Half => s[..(s.Length / 2)]; public static string Twice(string v) => v + v; } }
