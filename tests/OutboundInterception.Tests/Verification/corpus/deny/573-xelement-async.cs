// EXPECT: deny | category: surprising
// XDocument.Load with options
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N573;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Xml.Linq.XDocument.Load("http://127.0.0.1:9/x", System.Xml.Linq.LoadOptions.None);
        return new HttpResponseMessage();
    }
}

