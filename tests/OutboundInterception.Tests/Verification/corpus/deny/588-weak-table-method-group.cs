// EXPECT: deny | category: escape
// the same as a delegate
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Runtime.CompilerServices;
namespace Deny.N588;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Func<object, HttpClient> make = new ConditionalWeakTable<object, HttpClient>().GetOrCreateValue; _ = make(new object());
        return new HttpResponseMessage();
    }
}
