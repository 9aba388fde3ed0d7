// EXPECT: deny | category: di
// IServiceProvider
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N579;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = Get(null!);
        return new HttpResponseMessage();
    }
    private static object? Get(IServiceProvider p) => p.GetService(typeof(string));
}

