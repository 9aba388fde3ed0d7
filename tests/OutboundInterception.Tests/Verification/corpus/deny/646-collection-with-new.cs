// EXPECT: deny | category: escape
// new of a type parameter by a chain
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N646;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Box<HttpClient>().Value;
        return new HttpResponseMessage();
    }
}
internal class Box<T> where T : new() { public T Value => Inner<T>.Make(); private static class Inner<U> where U : new() { public static U Make() => new(); } }
