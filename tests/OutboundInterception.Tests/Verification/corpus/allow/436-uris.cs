// EXPECT: allow | category: benign
// Uri, UriBuilder, HttpUtility, WebUtility, QueryHelpers, IdnMapping
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N436;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var u = new UriBuilder("https://a.example/x") { Query = "a=1" }.Uri; _ = Uri.EscapeDataString("a b") + u.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped); _ = Uri.TryCreate(u, "../y", out var r) && r.IsAbsoluteUri; _ = System.Web.HttpUtility.ParseQueryString(u.Query)["a"]; _ = new System.Globalization.IdnMapping().GetAscii("bücher.example"); _ = Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString("x", "a", "b");
        return new HttpResponseMessage();
    }
}

