// EXPECT: deny | category: direct
// new HttpClient()
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N513;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new HttpClient().GetAsync("http://127.0.0.1:9");
        return new HttpResponseMessage();
    }
}

