// EXPECT: deny | category: escape
// a resolver of files
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Xml;
namespace Deny.N609;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = XmlResolver.FileSystemResolver;
        return new HttpResponseMessage();
    }
}
