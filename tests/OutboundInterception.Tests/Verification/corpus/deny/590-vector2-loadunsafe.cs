// EXPECT: deny | category: escape
// reads past an array by a vector of two
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Numerics;
namespace Deny.N590;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); float one = 1; _ = Vector2.LoadUnsafe(ref one, 1000);
        return new HttpResponseMessage();
    }
}
