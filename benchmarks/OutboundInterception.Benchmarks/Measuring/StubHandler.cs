namespace OutboundInterception.Benchmarks;

/// <summary>Answers at once, always the same: what is left is the way to it. In an egress chain it stands before the connections.</summary>
internal sealed class StubHandler : DelegatingHandler
{
    private readonly Task<HttpResponseMessage> _response = Task.FromResult(new HttpResponseMessage());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _response;
}
