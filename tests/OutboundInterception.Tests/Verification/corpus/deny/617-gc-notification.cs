// EXPECT: deny | category: escape
// a collection as a signal
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N617;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); System.GC.RegisterForFullGCNotification(10, 10);
        return new HttpResponseMessage();
    }
}
