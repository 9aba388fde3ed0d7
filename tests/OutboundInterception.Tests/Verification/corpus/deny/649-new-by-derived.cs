// EXPECT: deny | category: escape
// new of a base's type parameter
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N649;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Derived().Value;
        return new HttpResponseMessage();
    }
}
internal class Base<T> where T : new() { public T Value { get; } = new T(); } internal sealed class Derived : Base<HttpClient> { }
