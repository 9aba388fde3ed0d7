using System.Net;

namespace OutboundInterception.Benchmarks;

/// <summary>Redirects some times, then answers.</summary>
internal sealed class RedirectHandler(int hops) : DelegatingHandler
{
    private int _seen;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = new();
        if (_seen++ % (hops + 1) < hops)
        {
            response.StatusCode = HttpStatusCode.Found;
            response.Headers.Location = request.RequestUri;
        }

        return Task.FromResult(response);
    }
}
