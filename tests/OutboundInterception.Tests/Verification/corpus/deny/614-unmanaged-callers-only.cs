// EXPECT: deny | category: escape
// a method for native callers
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N614;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Native);
        return new HttpResponseMessage();
    }
    [System.Runtime.InteropServices.UnmanagedCallersOnly] private static void Native() { }
}
