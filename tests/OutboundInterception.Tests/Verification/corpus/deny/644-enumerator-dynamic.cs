// EXPECT: deny | category: escape
// dynamic in a loop
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N644;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); foreach (dynamic x in new object[] { 1 }) _ = x.ToString();
        return new HttpResponseMessage();
    }
}
