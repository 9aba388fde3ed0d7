// EXPECT: deny | category: process-state
// Environment.GetEnvironmentVariable
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N552;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Environment.GetEnvironmentVariable("SECRET");
        return new HttpResponseMessage();
    }
}

