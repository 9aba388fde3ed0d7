// EXPECT: deny | category: escape
// new of a type parameter by a delegate
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N648;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Func<HttpClient> make = Make<HttpClient>; _ = make();
        return new HttpResponseMessage();
    }
    private static T Make<T>() where T : new() => new T();
}
