// EXPECT: deny | category: escape
// a string that stays as long as the process
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N621;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = string.Intern(Guid.NewGuid().ToString());
        return new HttpResponseMessage();
    }
}
