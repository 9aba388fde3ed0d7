// EXPECT: deny | category: escape
// a property that is added to a contract makes the client
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Deny.N650;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); object? made = null; var options = new JsonSerializerOptions(); options.TypeInfoResolver = JsonSerializerOptions.Default.TypeInfoResolver!.WithAddedModifier(info => { if (info is JsonTypeInfo<Dto>) info.Properties.Add(JsonMetadataServices.CreatePropertyInfo<HttpClient>(info.Options, new JsonPropertyInfoValues<HttpClient> { PropertyName = "Client", IsProperty = true, DeclaringType = typeof(Dto), Setter = (o, v) => made = v })); }); _ = JsonSerializer.Deserialize<Dto>("{}", options);
        return new HttpResponseMessage();
    }
}
internal sealed class Dto { }
