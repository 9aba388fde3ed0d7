// EXPECT: deny | category: escape
// connects by a factory
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N643;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Net.Http.HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        return new HttpResponseMessage();
    }
}
