// EXPECT: deny | category: escape
// a client in a property that is filled in
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization; using System.Collections.Generic;
namespace Deny.N605;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonSerializer.Deserialize<Dto>("{}");
        return new HttpResponseMessage();
    }
}
[JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)] internal sealed class Dto { public List<HttpClient> Clients { get; } = []; }
