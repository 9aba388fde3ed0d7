// EXPECT: allow | category: benign
// reads and writes XML
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.IO; using System.Text; using System.Xml; using System.Xml.Linq;
namespace Allow.N460;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        var doc = XDocument.Parse("<a><b c='1'/></a>"); _ = doc.Root?.Element("b")?.Attribute("c")?.Value; using var reader = XmlReader.Create(new StringReader("<a/>"), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, Async = true }); while (await reader.ReadAsync()) _ = reader.Name; var text = new StringBuilder(); using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true })) { new XElement("a", new XAttribute("b", 1)).WriteTo(writer); }
        return new HttpResponseMessage();
    }
}
