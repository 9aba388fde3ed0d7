// EXPECT: allow | category: benign
// a channel between a producer and a consumer, with a semaphore
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Threading.Channels;
namespace Allow.N450;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        var channel = Channel.CreateBounded<int>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.Wait }); using var gate = new SemaphoreSlim(1, 1); var producer = Task.Run(async () => { for (int i = 0; i < 3; i++) { await gate.WaitAsync(ct); try { await channel.Writer.WriteAsync(i, ct); } finally { gate.Release(); } } channel.Writer.Complete(); }, ct); await foreach (int i in channel.Reader.ReadAllAsync(ct)) _ = i; await producer;
        return new HttpResponseMessage();
    }
}
