// EXPECT: deny | category: process-state
// AppContext.GetData of anything
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N561;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES");
        return new HttpResponseMessage();
    }
}

