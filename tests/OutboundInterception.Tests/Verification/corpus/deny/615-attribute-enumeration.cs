// EXPECT: deny | category: escape
// attributes of a type by reflection
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N615;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Attribute.GetCustomAttributes(typeof(Tenant));
        return new HttpResponseMessage();
    }
}
