// EXPECT: deny | category: escape
// GCHandle.Alloc
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N532;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Runtime.InteropServices.GCHandle.Alloc(new byte[1]);
        return new HttpResponseMessage();
    }
}

