// EXPECT: deny | category: shape
// catch of a banned type
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N518;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); try { } catch (System.Reflection.TargetInvocationException) { }
        return new HttpResponseMessage();
    }
}

