// EXPECT: deny | category: surprising
// XmlReader.Create(url, settings)
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N569;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Xml.XmlReader.Create("http://127.0.0.1:9/x", new System.Xml.XmlReaderSettings());
        return new HttpResponseMessage();
    }
}

