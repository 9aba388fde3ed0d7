// EXPECT: deny | category: escape
// an extension method makes the client
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json;
namespace Deny.N601;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonDocument.Parse("{}").RootElement.Deserialize<HttpClient>();
        return new HttpResponseMessage();
    }
}
