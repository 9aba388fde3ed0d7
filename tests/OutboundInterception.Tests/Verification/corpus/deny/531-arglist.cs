// EXPECT: deny | category: escape
// __arglist
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N531;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
    private static int V(__arglist) => 1; private static int Go() => V(__arglist(1, 2));
}

