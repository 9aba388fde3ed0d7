// EXPECT: deny | category: escape
// __makeref
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N530;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); int x = 1; var r = __makeref(x); _ = __refvalue(r, int);
        return new HttpResponseMessage();
    }
}

