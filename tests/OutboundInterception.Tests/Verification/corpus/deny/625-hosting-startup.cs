// EXPECT: deny | category: escape
// code that the host runs at its start
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
[assembly: Microsoft.AspNetCore.Hosting.HostingStartup(typeof(Deny.N625.Tenant))]
namespace Deny.N625;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Tenant);
        return new HttpResponseMessage();
    }
}
