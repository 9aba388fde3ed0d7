// EXPECT: deny | category: process-state
// AppContext.GetData with a literal elsewhere
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N562;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var n = "REGEX_DEFAULT_MATCH_TIMEOUT"; n += "x"; _ = AppContext.GetData(n);
        return new HttpResponseMessage();
    }
}

