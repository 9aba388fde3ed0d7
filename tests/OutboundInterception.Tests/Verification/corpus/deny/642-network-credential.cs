// EXPECT: deny | category: escape
// credentials for others
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N642;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Net.CredentialCache.DefaultCredentials;
        return new HttpResponseMessage();
    }
}
