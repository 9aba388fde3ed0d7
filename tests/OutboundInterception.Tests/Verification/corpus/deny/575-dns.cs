// EXPECT: deny | category: direct
// Dns.GetHostAddressesAsync
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N575;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = await System.Net.Dns.GetHostAddressesAsync("secret.example");
        return new HttpResponseMessage();
    }
}

