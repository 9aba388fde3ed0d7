// EXPECT: deny | category: escape
// ComImport
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N580;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
}
[System.Runtime.InteropServices.ComImport, System.Runtime.InteropServices.Guid("00000000-0000-0000-0000-000000000001")] internal interface IC { }
