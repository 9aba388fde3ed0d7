// EXPECT: deny | category: escape
// a tree of expressions
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N628;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); System.Linq.Expressions.Expression<Func<int>> e = () => 1; _ = e;
        return new HttpResponseMessage();
    }
}
