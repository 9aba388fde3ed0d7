// EXPECT: deny | category: escape
// deserialising an own type that has an HttpClient makes one
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N501;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Text.Json.JsonSerializer.Deserialize<Dto>("{\"Client\":{}}")!.Client!.GetAsync("http://127.0.0.1:9");
        return new HttpResponseMessage();
    }
}
public sealed class Dto { public HttpClient? Client { get; set; } }
