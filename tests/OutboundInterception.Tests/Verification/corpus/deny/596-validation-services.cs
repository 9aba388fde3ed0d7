// EXPECT: deny | category: escape
// services by a validation context
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.ComponentModel.DataAnnotations;
namespace Deny.N596;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new ValidationContext(this, (IServiceProvider?)null, null);
        return new HttpResponseMessage();
    }
}
