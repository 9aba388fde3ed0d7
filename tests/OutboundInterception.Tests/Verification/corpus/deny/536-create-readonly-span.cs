// EXPECT: deny | category: escape
// MemoryMarshal.CreateReadOnlySpan
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N536;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); int[] a = [1]; _ = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref a[0], 100).Length;
        return new HttpResponseMessage();
    }
}

