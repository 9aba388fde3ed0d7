// EXPECT: deny | category: escape
// Delegate.DynamicInvoke
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N538;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Func<int> f = () => 1; _ = f.DynamicInvoke();
        return new HttpResponseMessage();
    }
}

