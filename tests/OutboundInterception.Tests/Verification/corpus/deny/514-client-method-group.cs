// EXPECT: deny | category: direct
// HttpClient constructor through a lambda
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N514;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Func<HttpClient> f = () => new(); _ = f();
        return new HttpResponseMessage();
    }
}

