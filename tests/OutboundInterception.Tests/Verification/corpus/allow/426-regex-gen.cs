// EXPECT: allow | category: benign
// generated regexes with groups, ignore case, lazies, properties
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.RegularExpressions;
namespace Allow.N426;
public sealed partial class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var m = Mail().Match("a@b.com"); _ = m.Groups["user"].Value; foreach (System.Text.RegularExpressions.ValueMatch v in Digits.EnumerateMatches("1 2")) _ = v.Index; _ = Mail().Replace("x", static q => q.Value.ToUpperInvariant()); _ = Hard().IsMatch("abc"); _ = Regex.IsMatch("a", "a+", RegexOptions.None, TimeSpan.FromSeconds(1)); _ = new Regex("x").Split("axb").Length;
        return new HttpResponseMessage();
    }
    [GeneratedRegex(@"^(?<user>[\w.]+)@([a-z]+\.)+(com|net)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)] private static partial Regex Mail(); [GeneratedRegex(@"\d+")] private static partial Regex Digits { get; } [GeneratedRegex(@"(a|ab)(?=c)(?!d)(?<!z)\b(.*?)\1?|[^\p{L}]{2,}(?:x+)*?$", RegexOptions.Multiline)] private static partial Regex Hard();
}

