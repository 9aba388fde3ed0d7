// EXPECT: deny | category: escape
// deserialising a list of HttpClient makes them
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N502;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Text.Json.JsonSerializer.Deserialize<System.Collections.Generic.List<HttpClient>>("[{}]")![0].GetAsync("http://127.0.0.1:9");
        return new HttpResponseMessage();
    }
}

