// EXPECT: deny | category: escape
// Unsafe.As
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N534;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Runtime.CompilerServices.Unsafe.As<string>(context);
        return new HttpResponseMessage();
    }
}

