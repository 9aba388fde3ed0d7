// EXPECT: deny | category: escape
// a converter of one's own asks for the client
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Deny.N652;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonSerializer.Deserialize<Dto>("1");
        return new HttpResponseMessage();
    }
}
[JsonConverter(typeof(Conv))] internal sealed class Dto { } internal sealed class Conv : JsonConverter<Dto> { public override Dto? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) { _ = ((JsonConverter<HttpClient>)options.GetConverter(typeof(HttpClient))).Read(ref reader, typeof(HttpClient), options); return null; } public override void Write(Utf8JsonWriter w, Dto v, JsonSerializerOptions o) { } }
