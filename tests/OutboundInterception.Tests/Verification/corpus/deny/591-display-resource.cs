// EXPECT: deny | category: escape
// reads a static property of any type by name
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.ComponentModel.DataAnnotations;
namespace Deny.N591;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = new DisplayAttribute { ResourceType = typeof(Environment), Name = "MachineName" }.GetName();
        return new HttpResponseMessage();
    }
}
