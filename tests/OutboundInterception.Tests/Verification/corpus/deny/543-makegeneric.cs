// EXPECT: deny | category: escape
// Type.MakeGenericType
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N543;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = typeof(System.Collections.Generic.List<>).MakeGenericType(typeof(int));
        return new HttpResponseMessage();
    }
}

