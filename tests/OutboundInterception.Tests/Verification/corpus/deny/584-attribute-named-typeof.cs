// EXPECT: deny | category: shape
// typeof in a named attribute argument
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N584;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
}
internal sealed class TagAttribute : Attribute { public object? T { get; set; } } [Tag(T = typeof(System.Collections.Generic.List<System.Net.WebClient>))] internal sealed class X { }
