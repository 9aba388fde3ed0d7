// EXPECT: deny | category: shape
// banned type as a type argument
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N521;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.Collections.Generic.List<System.Diagnostics.Process>();
        return new HttpResponseMessage();
    }
}

