// EXPECT: allow | category: benign
// bodies of requests of all kinds
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.IO; using System.Net;
namespace Allow.N447;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new UriBuilder("https", "api.example.com", 443, "/a").Uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower }; using var form = new MultipartFormDataContent { { new StringContent("a"), "a" }, { new StreamContent(new MemoryStream([1, 2])), "file", "a.bin" }, { new FormUrlEncodedContent([new("k", "v")]), "f" } }; message.Content = form; message.Headers.Authorization = new("Bearer", "x"); using var response = await context.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct); await using var stream = await response.Content.ReadAsStreamAsync(ct); _ = response.EnsureSuccessStatusCode();
        return new HttpResponseMessage();
    }
}
