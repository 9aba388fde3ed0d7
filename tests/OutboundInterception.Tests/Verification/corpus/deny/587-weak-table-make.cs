// EXPECT: deny | category: escape
// a table that makes its values by reflection
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Runtime.CompilerServices;
namespace Deny.N587;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new ConditionalWeakTable<object, HttpClient>().GetOrCreateValue(new object());
        return new HttpResponseMessage();
    }
}
