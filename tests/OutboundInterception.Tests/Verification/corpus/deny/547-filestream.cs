// EXPECT: deny | category: file
// FileStream
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N547;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.IO.FileStream("/etc/passwd", System.IO.FileMode.Open);
        return new HttpResponseMessage();
    }
}

