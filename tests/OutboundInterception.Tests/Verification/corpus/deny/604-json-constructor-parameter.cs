// EXPECT: deny | category: escape
// a client as a record's parameter
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json;
namespace Deny.N604;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonSerializer.Deserialize<Dto>("{}");
        return new HttpResponseMessage();
    }
}
internal sealed record Dto(string Name, HttpClient Client);
