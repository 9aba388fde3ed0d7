// EXPECT: deny | category: process-state
// MemoryPool.Shared
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N566;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = System.Buffers.MemoryPool<byte>.Shared.Rent(10);
        return new HttpResponseMessage();
    }
}

