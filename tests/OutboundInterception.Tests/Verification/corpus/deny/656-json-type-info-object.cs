// EXPECT: deny | category: escape
// a contract as an object
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Deny.N656;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); foreach (JsonTypeInfo info in new[] { (JsonTypeInfo)JsonMetadataServices.CreateValueInfo<HttpClient>(JsonSerializerOptions.Default, JsonMetadataServices.GetUnsupportedTypeConverter<HttpClient>()) }) _ = JsonSerializer.Deserialize("{}", info);
        return new HttpResponseMessage();
    }
}
