// EXPECT: deny | category: escape
// code that the run time calls back
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
[assembly: System.Reflection.Metadata.MetadataUpdateHandler(typeof(Deny.N626.Tenant))]
namespace Deny.N626;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Tenant);
        return new HttpResponseMessage();
    }
}
