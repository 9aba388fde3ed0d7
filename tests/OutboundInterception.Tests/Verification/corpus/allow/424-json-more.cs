// EXPECT: allow | category: benign
// JSON options, converters, nodes, polymorphism, enums
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Collections.Generic; using System.Text.Json; using System.Text.Json.Nodes; using System.Text.Json.Serialization; using System.Net.Http.Json;
namespace Allow.N424;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var o = new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(), new Cv() }, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }; var l = JsonSerializer.Deserialize<List<Item>>("[]", o); _ = JsonSerializer.SerializeToUtf8Bytes(l, o).Length; var n = new JsonObject { ["a"] = 1, ["b"] = new JsonArray(1, 2) }; _ = n["a"]!.GetValue<int>() + n.ToJsonString().Length; using var d = JsonDocument.Parse("{}"); foreach (var p in d.RootElement.EnumerateObject()) _ = p.Value.GetString(); await JsonSerializer.SerializeAsync(new System.IO.MemoryStream(), new { A = 1 }, o, ct); _ = await JsonSerializer.DeserializeAsync<Dictionary<string, JsonElement>>(new System.IO.MemoryStream(), o, ct); try { } catch (JsonException) { } var rd = new Utf8JsonReader("{}"u8); rd.Read(); _ = JsonSerializer.Serialize((object)1); await context.Http.PostAsJsonAsync("https://a.example", new Item(), ct); _ = await context.Http.GetFromJsonAsync<Item>("https://a.example", ct);
        return new HttpResponseMessage();
    }
}
public enum Kind { A, B } public class Item { [JsonPropertyName("k")] public Kind Kind { get; set; } [JsonIgnore] public string? S { get; set; } [JsonConverter(typeof(Cv))] public Money M { get; set; } [JsonExtensionData] public Dictionary<string, JsonElement>? X { get; set; } } [JsonDerivedType(typeof(Sub), "sub")] public class Bas { } public class Sub : Bas { } public readonly record struct Money(decimal V); public sealed class Cv : JsonConverter<Money> { public override Money Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => new(r.GetDecimal()); public override void Write(Utf8JsonWriter w, Money v, JsonSerializerOptions o) => w.WriteNumberValue(v.V); }
