// EXPECT: deny | category: escape
// the process
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N619;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Environment.ProcessId;
        return new HttpResponseMessage();
    }
}
