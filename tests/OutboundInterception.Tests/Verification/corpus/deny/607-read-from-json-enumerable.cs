// EXPECT: deny | category: escape
// a stream of clients
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Net.Http.Json;
namespace Deny.N607;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await foreach (var client in context.Http.GetFromJsonAsAsyncEnumerable<HttpClient>("https://a.example", ct)) _ = client;
        return new HttpResponseMessage();
    }
}
