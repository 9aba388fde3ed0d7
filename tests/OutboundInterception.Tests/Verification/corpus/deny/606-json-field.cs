// EXPECT: deny | category: escape
// a client in an included field
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Text.Json.Serialization;
namespace Deny.N606;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonSerializer.Deserialize<Dto>("{}");
        return new HttpResponseMessage();
    }
}
internal sealed class Dto { [JsonInclude] public HttpClient? Client; }
