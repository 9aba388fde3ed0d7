// EXPECT: allow | category: benign
// channels, producer/consumer, ConcurrentQueue, BlockingCollection
#nullable enable
using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks; using OutboundInterception; using System.Threading.Channels;
namespace Allow.N430;
public sealed class Tenant : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken ct)
    {
        await Task.Yield(); var ch = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true }); var p = Task.Run(async () => { await ch.Writer.WriteAsync("x"); ch.Writer.Complete(); }); await foreach (var s in ch.Reader.ReadAllAsync(ct)) _ = s; await p; var q = new System.Collections.Concurrent.ConcurrentQueue<int>(); q.Enqueue(1); _ = q.TryDequeue(out _);
        return new HttpResponseMessage();
    }
}

