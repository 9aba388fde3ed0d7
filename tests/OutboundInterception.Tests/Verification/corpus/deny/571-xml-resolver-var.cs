// EXPECT: deny | category: surprising
// XmlReaderSettings.XmlResolver set from elsewhere
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N571;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Go(null!);
        return new HttpResponseMessage();
    }
    private static void Go(System.Xml.XmlResolver r) => _ = new System.Xml.XmlReaderSettings { XmlResolver = r };
}

