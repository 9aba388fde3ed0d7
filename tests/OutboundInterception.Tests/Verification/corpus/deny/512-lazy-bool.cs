// EXPECT: deny | category: escape
// Lazy<HttpClient>(bool)
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N512;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Lazy<HttpClient>(true).Value;
        return new HttpResponseMessage();
    }
}

