using System.Net;

namespace OutboundInterception.Benchmarks.Tests;

/// <summary>What rows 2 and 5 show beside the library does what is said of it.</summary>
public sealed class HandWrittenTests
{
    [Test]
    public async Task HandWrittenHandler_OneRequest_KeepsItApartAndRecordsIt()
    {
        Passing passing = new();
        HandWrittenHandler handler = new(passing);
        using HttpClient client = new(handler);
        using HttpRequestMessage request = new(HttpMethod.Get, "http://api.example.com/orders");

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        string body = await response.Content.ReadAsStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(body, Is.EqualTo("ok"));
            Assert.That(response, Is.Not.SameAs(passing.Response));
            Assert.That(response.Content.Headers.ContentType, Is.EqualTo(passing.Response.Content.Headers.ContentType));
            Assert.That(response.Headers.ETag, Is.EqualTo(passing.Response.Headers.ETag));
            Assert.That(passing.Request, Is.Not.SameAs(request));
            Assert.That(passing.Request!.Headers.Contains("CDN-Loop"), Is.True);
            Assert.That(passing.Token.CanBeCanceled, Is.True);
            Assert.That(request.Headers, Is.Empty);
            Assert.That(handler.Last, Is.EqualTo(new HandWrittenRecord(HttpMethod.Get, request.RequestUri, 200, 2, handler.Last!.Duration)));
            Assert.That(handler.InProgress, Is.Zero);
        }
    }

    private sealed class Passing : HttpMessageHandler
    {
        public HttpRequestMessage? Request { get; private set; }

        public CancellationToken Token { get; private set; }

        public HttpResponseMessage Response { get; } = new(HttpStatusCode.OK) { Content = new StringContent("ok"), Headers = { ETag = new("\"1\"") } };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Request, Token) = (request, cancellationToken);
            return Task.FromResult(Response);
        }
    }
}
