// EXPECT: deny | category: escape
// a converter for a type that only the run time knows
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N508;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Text.Json.JsonSerializerOptions.Default.GetConverter(typeof(HttpClient));
        return new HttpResponseMessage();
    }
}

