// EXPECT: deny | category: shape
// typeof in an array in an attribute
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N583;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
}
internal sealed class TagAttribute(params Type[] t) : Attribute { public Type[] T => t; } [Tag(typeof(int), typeof(System.Net.Sockets.Socket[]))] internal sealed class X { }
