// EXPECT: deny | category: shape
// implementing a banned interface
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N525;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = 1;
        return new HttpResponseMessage();
    }
}
internal sealed class P : System.Net.IWebProxy { public System.Net.ICredentials? Credentials { get; set; } public Uri? GetProxy(Uri d) => d; public bool IsBypassed(Uri h) => false; }
