// EXPECT: allow | category: benign
// multipart, streaming, headers, options, status, invoker over nothing
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Allow.N427;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var m = new MultipartFormDataContent { { new StringContent("a"), "n" }, { new ByteArrayContent([1]), "f", "f.bin" } }; using var q = new HttpRequestMessage(HttpMethod.Post, "https://a.example") { Content = m, Version = System.Net.HttpVersion.Version20 }; q.Headers.Authorization = new("Bearer", "t"); q.Headers.Accept.ParseAdd("application/json"); q.Headers.IfNoneMatch.Add(new("\"x\"")); q.Content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" }; using var r = await context.Http.SendAsync(q, HttpCompletionOption.ResponseHeadersRead, ct); await using var s = await r.Content.ReadAsStreamAsync(ct); using var rd = new System.IO.StreamReader(s); while (await rd.ReadLineAsync(ct) is { } line) _ = line; foreach (var (k, v) in r.Headers) _ = k; _ = r.Headers.ETag?.Tag; _ = r.Content.Headers.ContentLength; _ = r.TrailingHeaders.Contains("x"); context.Http.Timeout = TimeSpan.FromSeconds(3); context.Http.DefaultRequestVersion = new(2, 0);
        return new HttpResponseMessage();
    }
}

