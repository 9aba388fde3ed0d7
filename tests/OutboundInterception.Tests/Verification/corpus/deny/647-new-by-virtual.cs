// EXPECT: deny | category: escape
// new of a method's parameter by a virtual call
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N647;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new Maker().Make<HttpClient>();
        return new HttpResponseMessage();
    }
}
internal abstract class MakerBase { public abstract T Make<T>() where T : new(); } internal sealed class Maker : MakerBase { public override T Make<T>() => new T(); }
