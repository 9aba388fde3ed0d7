// EXPECT: deny | category: capability-abuse
// HttpClient.DefaultProxy
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N568;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = HttpClient.DefaultProxy;
        return new HttpResponseMessage();
    }
}

