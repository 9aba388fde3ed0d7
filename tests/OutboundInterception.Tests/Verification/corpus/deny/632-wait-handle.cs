// EXPECT: deny | category: escape
// the handle behind a token
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N632;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = ct.WaitHandle;
        return new HttpResponseMessage();
    }
}
