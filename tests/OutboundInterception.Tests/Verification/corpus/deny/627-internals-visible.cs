// EXPECT: deny | category: escape
// lets another assembly in
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("a")]
namespace Deny.N627;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Tenant);
        return new HttpResponseMessage();
    }
}
