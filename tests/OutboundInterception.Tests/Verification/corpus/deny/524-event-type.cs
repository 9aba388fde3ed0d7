// EXPECT: deny | category: shape
// event of a banned delegate type
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N524;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
    private event System.Net.Security.RemoteCertificateValidationCallback? E;
}

