// EXPECT: deny | category: escape
// deserialising a type that only the run time knows
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N505;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Text.Json.JsonSerializer.Deserialize("{}", context.Http.GetType());
        return new HttpResponseMessage();
    }
}

