// EXPECT: deny | category: shape
// default of a banned struct
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N522;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = default(System.Runtime.InteropServices.GCHandle);
        return new HttpResponseMessage();
    }
}

