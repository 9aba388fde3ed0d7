// EXPECT: deny | category: surprising
// XmlReaderSettings.XmlResolver set to a fetching one
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N570;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new System.Xml.XmlReaderSettings { XmlResolver = System.Xml.XmlResolver.FileSystemResolver };
        return new HttpResponseMessage();
    }
}

