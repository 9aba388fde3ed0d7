// EXPECT: deny | category: escape
// the dynamic keyword
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N539;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); dynamic d = context; _ = d.Http;
        return new HttpResponseMessage();
    }
}

