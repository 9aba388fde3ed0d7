// EXPECT: deny | category: escape
// deserialising HttpClient makes one
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N503;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Text.Json.JsonSerializer.Deserialize<HttpClient>("{}");
        return new HttpResponseMessage();
    }
}

