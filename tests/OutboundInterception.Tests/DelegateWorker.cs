namespace OutboundInterception.Tests;

/// <summary>An outbound worker that is one function.</summary>
internal sealed class DelegateWorker(Func<HttpRequestMessage, OutboundContext, CancellationToken, Task<HttpResponseMessage>> fetch) : IOutboundWorker
{
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
        fetch(request, context, cancellationToken);
}
