// EXPECT: deny | category: file
// File.ReadAllText
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N546;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.IO.File.ReadAllText("/etc/passwd");
        return new HttpResponseMessage();
    }
}

