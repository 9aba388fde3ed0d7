// EXPECT: deny | category: escape
// new T() with T = HttpClient
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N510;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Make<HttpClient>();
        return new HttpResponseMessage();
    }
    private static T Make<T>() where T : new() => new T();
}

