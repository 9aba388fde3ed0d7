// EXPECT: deny | category: escape
// SkipLocalsInit
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N529;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); Go();
        return new HttpResponseMessage();
    }
    [System.Runtime.CompilerServices.SkipLocalsInit] private static int Go() { Span<byte> s = stackalloc byte[64]; return s[3]; }
}

