// EXPECT: deny | category: escape
// memory of one's own making
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception;
namespace Deny.N631;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); _ = nameof(Mine);
        return new HttpResponseMessage();
    }
}
internal sealed class Mine : System.Buffers.MemoryManager<byte> { public override Span<byte> GetSpan() => default; public override System.Buffers.MemoryHandle Pin(int i = 0) => default; public override void Unpin() { } protected override void Dispose(bool d) { } }
