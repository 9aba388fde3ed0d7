// EXPECT: deny | category: escape
// GetFromJsonAsync of HttpClient
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N509;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<HttpClient>(context.Http, "https://a.example");
        return new HttpResponseMessage();
    }
}

