// EXPECT: deny | category: escape
// a contract of a list makes its elements
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Deny.N651;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var options = new JsonSerializerOptions(JsonSerializerOptions.Default); JsonTypeInfo info = JsonMetadataServices.CreateArrayInfo<HttpClient>(options, new JsonCollectionInfoValues<HttpClient[]>()); _ = JsonSerializer.Deserialize("[{}]", info);
        return new HttpResponseMessage();
    }
}
