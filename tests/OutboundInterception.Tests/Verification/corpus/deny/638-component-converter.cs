// EXPECT: deny | category: escape
// converts by the type's own converter
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N638;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.ComponentModel.TypeDescriptor.GetConverter(typeof(int));
        return new HttpResponseMessage();
    }
}
