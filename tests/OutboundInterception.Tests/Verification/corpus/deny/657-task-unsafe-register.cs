// EXPECT: deny | category: escape
// a callback beside the dispatch's context by a linked token
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N657;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); CancellationTokenSource.CreateLinkedTokenSource(ct).Token.UnsafeRegister(static _ => { }, null);
        return new HttpResponseMessage();
    }
}
