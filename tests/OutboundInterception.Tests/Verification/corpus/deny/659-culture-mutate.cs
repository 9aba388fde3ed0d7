// EXPECT: deny | category: escape
// a culture of the thread
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Globalization;
namespace Deny.N659;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return new HttpResponseMessage();
    }
}
