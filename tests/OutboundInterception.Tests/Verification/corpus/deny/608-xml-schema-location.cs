// EXPECT: deny | category: escape
// a validating reader fetches schemas
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Xml;
namespace Deny.N608;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var settings = new XmlReaderSettings(); settings.ValidationType = ValidationType.Schema; _ = XmlReader.Create(new System.IO.StringReader("<a/>"), settings);
        return new HttpResponseMessage();
    }
}
