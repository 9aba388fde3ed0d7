// EXPECT: deny | category: surprising
// XmlDocument.Load
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N572;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); new System.Xml.XmlDocument().Load("http://127.0.0.1:9/x");
        return new HttpResponseMessage();
    }
}

