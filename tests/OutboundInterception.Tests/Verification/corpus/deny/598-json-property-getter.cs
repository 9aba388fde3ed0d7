// EXPECT: deny | category: escape
// a contract's getter reads what may not be called
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization.Metadata;
namespace Deny.N598;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var options = new JsonSerializerOptions { TypeInfoResolver = JsonSerializerOptions.Default.TypeInfoResolver!.WithAddedModifier(info => { foreach (var p in info.Properties) _ = p.Get?.Invoke(new Exception()); }) }; _ = JsonSerializer.Serialize(new Exception(), options);
        return new HttpResponseMessage();
    }
}
