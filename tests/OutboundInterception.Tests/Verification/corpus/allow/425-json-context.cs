// EXPECT: allow | category: benign
// JSON source generation with options, enums, collections, polymorphism
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization;
namespace Allow.N425;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonSerializer.Serialize(new Order(1, Kind.A, ["x"], new() { ["k"] = 1 }) { R = "r" }, Ctx.Default.Order); _ = JsonSerializer.Deserialize("[]", Ctx.Default.OrderArray); _ = System.Net.Http.Json.JsonContent.Create(new Order(1, Kind.B, [], []) { R = "" }, Ctx.Default.Order);
        return new HttpResponseMessage();
    }
}
public enum Kind { A, B } public sealed record Order(int Id, Kind K, System.Collections.Generic.List<string> L, System.Collections.Generic.Dictionary<string, int> D) { public required string R { get; init; } public DateTime? T { get; set; } [JsonConverter(typeof(JsonStringEnumConverter<Kind>))] public Kind K2 { get; set; } } [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)] [JsonSerializable(typeof(Order))] [JsonSerializable(typeof(Order[]))] internal sealed partial class Ctx : JsonSerializerContext { }
