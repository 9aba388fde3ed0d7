// EXPECT: allow | category: benign
// HttpClient in generic containers and delegates beside JSON of other types
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Linq; using System.Text.Json;
namespace Allow.N443;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var d = new Dictionary<string, HttpClient> { ["a"] = context.Http }; Func<HttpClient, Task<string>> f = c => c.GetStringAsync("https://a.example"); _ = await f(d["a"]); _ = await Retry(c => c.GetStringAsync("https://b.example", ct), context.Http); _ = JsonSerializer.Deserialize<int[]>("[]"); var (h, n) = (context.Http, 1); await Task.WhenAll(new[] { "x" }.Select(u => context.Http.GetAsync(u, ct)));
        return new HttpResponseMessage();
    }
    private static async Task<T> Retry<T>(Func<HttpClient, Task<T>> f, HttpClient c) { for (int i = 0; ; i++) { try { return await f(c); } catch (HttpRequestException) when (i < 3) { await Task.Delay(100); } } }
}

