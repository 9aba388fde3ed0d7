// EXPECT: deny | category: escape
// a query that is compiled
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N629;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Linq.Queryable.AsQueryable(new[] { 1 });
        return new HttpResponseMessage();
    }
}
