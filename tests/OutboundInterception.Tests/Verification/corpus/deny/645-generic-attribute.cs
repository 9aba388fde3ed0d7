// EXPECT: deny | category: escape
// a banned type in a generic attribute
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N645;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Dto);
        return new HttpResponseMessage();
    }
}
internal sealed class MarkAttribute<T> : Attribute { } [Mark<System.Net.Sockets.Socket>] internal sealed class Dto { }
