// EXPECT: deny | category: escape
// a client deep in a type argument
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Text.Json; using System.Collections.Generic;
namespace Deny.N602;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = JsonSerializer.Deserialize<Dictionary<string, List<(int, HttpClient)[]>>>("{}");
        return new HttpResponseMessage();
    }
}
