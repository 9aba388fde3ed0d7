// EXPECT: allow | category: benign
// LINQ to XML and XmlReader/XmlWriter over text
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Linq; using System.Xml; using System.Xml.Linq;
namespace Allow.N429;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var d = XDocument.Parse("<a><b c=\"1\"/></a>"); _ = d.Root!.Elements("b").Select(e => (int?)e.Attribute("c")).Sum(); using var r = XmlReader.Create(new System.IO.StringReader("<a/>"), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, Async = true }); while (await r.ReadAsync()) _ = r.Name; var sb = new System.Text.StringBuilder(); using (var w = XmlWriter.Create(sb, new XmlWriterSettings { Indent = true })) { w.WriteStartElement("x"); w.WriteEndElement(); } XNamespace ns = "u"; _ = new XElement(ns + "e", new XAttribute("a", 1), new XCData("x")).ToString(); using var sw = new System.IO.StringWriter(); d.Save(sw); _ = XDocument.Load(new System.IO.StringReader("<a/>"));
        return new HttpResponseMessage();
    }
}

