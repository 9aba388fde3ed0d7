// EXPECT: deny | category: escape
// a protected member of a base by a lambda
#nullable enable
#pragma warning disable CS0672, CS0618
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N640;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Mine().Make();
        return new HttpResponseMessage();
    }
}
internal sealed class Mine : System.IO.MemoryStream { public object Make() { Func<object> f = base.CreateWaitHandle; return f(); } }
