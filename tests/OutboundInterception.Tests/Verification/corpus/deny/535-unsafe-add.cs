// EXPECT: deny | category: escape
// Unsafe.Add
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N535;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); int[] a = [1]; System.Runtime.CompilerServices.Unsafe.Add(ref a[0], 100) = 1;
        return new HttpResponseMessage();
    }
}

