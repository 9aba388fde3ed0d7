// EXPECT: deny | category: escape
// reads past an array by a vector of three
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Numerics;
namespace Deny.N589;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var data = new float[1]; _ = Vector3.LoadUnsafe(ref data[0], 100);
        return new HttpResponseMessage();
    }
}
