// EXPECT: deny | category: escape
// new T() in a generic class
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N511;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Pool<HttpClient>().Get();
        return new HttpResponseMessage();
    }
}
internal sealed class Pool<T> where T : new() { public T Get() => new(); }
