namespace OutboundInterception.Tests.Outbound;

/// <summary>An outbound worker that handles sockets by a function.</summary>
internal sealed class ConnectWorker(Func<OutboundConnect, OutboundContext, CancellationToken, Task<Stream>> connect) : IOutboundWorker
{
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
        context.SendAsync(request, cancellationToken);

    public Task<Stream> ConnectAsync(OutboundConnect target, OutboundContext context, CancellationToken cancellationToken) =>
        connect(target, context, cancellationToken);
}
