// EXPECT: deny | category: escape
// tells of the working directory
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.IO;
namespace Deny.N597;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Path.GetRelativePath("/", ".");
        return new HttpResponseMessage();
    }
}
