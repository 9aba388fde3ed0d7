// EXPECT: deny | category: escape
// deserialising through an own generic helper
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N504;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Parse<HttpClient>("{}");
        return new HttpResponseMessage();
    }
    private static T? Parse<T>(string s) => System.Text.Json.JsonSerializer.Deserialize<T>(s);
}

