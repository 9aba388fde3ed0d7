// EXPECT: deny | category: escape
// a node makes the client
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Text.Json.Serialization.Metadata;
namespace Deny.N653;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Text.Json.Nodes.JsonNode.Parse("{}").Deserialize<HttpClient>();
        return new HttpResponseMessage();
    }
}
