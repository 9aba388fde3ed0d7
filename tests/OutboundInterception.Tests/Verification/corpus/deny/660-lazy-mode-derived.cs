// EXPECT: deny | category: escape
// a lazy value by reflection in a derived type
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N660;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Mine().Value;
        return new HttpResponseMessage();
    }
}
internal sealed class Mine : Lazy<HttpClient> { public Mine() : base(true) { } }
