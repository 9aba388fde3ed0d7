namespace OutboundInterception.Benchmarks;

/// <summary>The least that somebody writes who wants to see his requests.</summary>
internal sealed class PassHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
