// EXPECT: deny | category: escape
// self-declared UnsafeAccessorAttribute
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N528;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = H(context.Http);
        return new HttpResponseMessage();
    }
    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_handler")] private static extern ref HttpMessageHandler H(HttpMessageInvoker i);
}

