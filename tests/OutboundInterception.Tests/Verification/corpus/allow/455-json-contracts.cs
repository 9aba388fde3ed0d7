// EXPECT: allow | category: benign
// JSON by reflection and by generator: records, converters, polymorphism
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Net.Http.Json; using System.Text.Json; using System.Text.Json.Nodes; using System.Text.Json.Serialization;
namespace Allow.N455;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        _ = JsonSerializer.Deserialize<Order>("{}"); _ = JsonSerializer.Serialize(new Order(1, [new("a", 2m)], Kind.Big), OrderContext.Default.Order); Animal? pet = JsonSerializer.Deserialize<Animal>("{}"); _ = JsonNode.Parse("{}")?["a"]?.GetValue<int>(); _ = await context.Http.GetFromJsonAsync<Order[]>("https://api.example.com", new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter<Kind>() } }, ct); using var doc = JsonDocument.Parse("[1]"); foreach (var e in doc.RootElement.EnumerateArray()) _ = e.GetInt32(); _ = pet is Dog { Name: "x" };
        return new HttpResponseMessage();
    }
}
internal enum Kind { Small, Big } internal sealed record Line(string Sku, decimal Price); internal sealed record Order(int Id, List<Line> Lines, [property: JsonConverter(typeof(JsonStringEnumConverter<Kind>))] Kind Kind); [JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind")] [JsonDerivedType(typeof(Dog), "dog")] internal abstract class Animal { public string Name { get; set; } = ""; } internal sealed class Dog : Animal { } [JsonSerializable(typeof(Order))] internal sealed partial class OrderContext : JsonSerializerContext;
