// EXPECT: allow | category: benign
// a contract that leaves a property out
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Allow.N456;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = OrderContext.Default.WithAddedModifier(static info => { foreach (var p in info.Properties) { if (p.Name == "secret") p.ShouldSerialize = static (_, _) => false; } }) }; _ = JsonSerializer.Serialize(new Order(1, "a"), options);
        return new HttpResponseMessage();
    }
}
internal sealed record Order(int Id, string Secret); [JsonSerializable(typeof(Order))] internal sealed partial class OrderContext : JsonSerializerContext;
