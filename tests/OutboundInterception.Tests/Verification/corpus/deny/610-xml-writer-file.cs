// EXPECT: deny | category: escape
// writes a file
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Xml;
namespace Deny.N610;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); using var w = XmlWriter.Create("/tmp/a.xml");
        return new HttpResponseMessage();
    }
}
