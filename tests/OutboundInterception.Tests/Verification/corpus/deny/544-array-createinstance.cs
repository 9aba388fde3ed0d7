// EXPECT: deny | category: escape
// Array.CreateInstance
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N544;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Array.CreateInstance(context.GetType(), 1);
        return new HttpResponseMessage();
    }
}

