// EXPECT: deny | category: process-state
// Regex.CacheSize
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N560;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); System.Text.RegularExpressions.Regex.CacheSize = 0;
        return new HttpResponseMessage();
    }
}

