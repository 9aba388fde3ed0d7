// EXPECT: deny | category: process-state
// Encoding.RegisterProvider
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N559;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        return new HttpResponseMessage();
    }
}

