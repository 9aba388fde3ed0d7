using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace OutboundInterception.Tests;

[CancelAfter(30_000)]
internal sealed class EgressHandlerTests
{
    [Test]
    public void SendAsync_PlainMessage_SaysWhatTheChainSends()
    {
        using EgressFixture egress = new();
        using HttpRequestMessage request = new(HttpMethod.Get, "http://api.example.com/");

        Assert.That(
            () => egress.SendAsync(request),
            Throws.InvalidOperationException.With.Message.Contains("change but not replace"));
        Assert.That(egress.Resolved, Is.Empty);
    }

    [Test]
    public void SendAsync_KeyOfAnotherNamespace_SaysSo()
    {
        using EgressFixture egress = new();
        using EgressRequest request = new(HttpMethod.Get, new Uri("http://api.example.com/"), new EgressPoolKey("production"));

        Assert.That(() => egress.SendAsync(request), Throws.InvalidOperationException.With.Message.Contains("own namespace"));
        Assert.That(egress.Resolved, Is.Empty);
    }

    [Test]
    public void Send_Synchronous_IsNotSupported()
    {
        using EgressFixture egress = new();

        Assert.That(
            () => egress.Invoker.Send(egress.Get("http://api.example.com/"), CancellationToken.None),
            Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public async Task SendAsync_InternalAddress_ThrowsWhatTheGuardFound()
    {
        using EgressFixture egress = new(options => options.AllowedNetworks.Clear());

        AddressBlockedException? exception = await Assert.ThrowsAsync<AddressBlockedException>(
            () => egress.SendAsync(egress.Get("http://api.example.com/")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception?.Host, Is.EqualTo("api.example.com"));
            Assert.That(exception?.Address, Is.EqualTo(IPAddress.Loopback));
            Assert.That(exception?.Reason, Is.EqualTo("loopback"));
        }
    }

    [Test]
    public async Task SendAsync_TwoRequests_ShareConnectionAndResolution()
    {
        await using RawServer server = new();
        using EgressFixture egress = new();

        await GetAsync(egress, $"http://api.example.com:{server.Port}/1");
        await GetAsync(egress, $"http://api.example.com:{server.Port}/2");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Heads, Has.Count.EqualTo(2));
            Assert.That(server.Connections, Is.EqualTo(1));
            Assert.That(egress.Resolved, Is.EqualTo(new[] { "api.example.com" }));
        }
    }

    [Test]
    public async Task SendAsync_Redirect_IsReturned()
    {
        await using RawServer server = new("HTTP/1.1 302 Found\r\nLocation: http://internal.test/\r\nContent-Length: 0\r\n\r\n");
        using EgressFixture egress = new();

        using HttpResponseMessage response = await egress.SendAsync(egress.Get($"http://api.example.com:{server.Port}/"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
            Assert.That(server.Heads, Has.Count.EqualTo(1));
            Assert.That(egress.Resolved, Is.EqualTo(new[] { "api.example.com" }));
        }
    }

    [Test]
    public async Task SendAsync_ServerSetsCookie_IsNotSentBack()
    {
        await using RawServer server = new("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        using EgressFixture egress = new();

        await GetAsync(egress, $"http://api.example.com:{server.Port}/");
        await GetAsync(egress, $"http://api.example.com:{server.Port}/");

        Assert.That(server.Heads[1], Does.Not.Contain("Cookie"));
    }

    [Test]
    public async Task SendAsync_Challenge_IsNotAnswered()
    {
        await using RawServer server = new("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n");
        using EgressFixture egress = new();

        await GetAsync(egress, $"http://user:password@api.example.com:{server.Port}/");

        Assert.That(server.Heads, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task SendAsync_GzipResponse_StaysGzip()
    {
        using MemoryStream body = new();
        await using (GZipStream gzip = new(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("hello"u8);
        }

        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n");
        await using RawServer server = new([.. head, .. body.ToArray()]);
        using EgressFixture egress = new();

        using HttpResponseMessage response = await egress.SendAsync(egress.Get($"http://api.example.com:{server.Port}/"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(body.ToArray()));
            Assert.That(server.Heads[0], Does.Not.Contain("Accept-Encoding"));
        }
    }

    [Test]
    public async Task SendAsync_ActivityIsCurrent_AddsNothingToTheRequest()
    {
        await using RawServer server = new();
        using EgressFixture egress = new();
        using Activity activity = new Activity("dispatch").AddBaggage("tenant", "shop").SetIdFormat(ActivityIdFormat.W3C).Start();

        await GetAsync(egress, $"http://api.example.com:{server.Port}/a?b");

        Assert.That(server.Heads[0], Is.EqualTo($"GET /a?b HTTP/1.1\r\nHost: api.example.com:{server.Port}\r\n\r\n"));
    }

    [Test]
    public async Task SendAsync_DefaultProxyIsSet_IsNotUsed()
    {
        // The environment's HTTP_PROXY is nothing but where the default proxy comes from. The setting is the process's:
        // this proxy is for a host of this test alone.
        await using RawServer server = new();
        await using RawServer proxy = new();
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new OneHostProxy("proxied.example.com", proxy.Port, before);
        try
        {
            using EgressFixture egress = new();

            await GetAsync(egress, $"http://proxied.example.com:{server.Port}/");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Heads, Has.Count.EqualTo(1));
            Assert.That(proxy.Connections, Is.Zero);
        }
    }

    [Test]
    public async Task SendAsync_LongResponseHeaders_Fails()
    {
        await using RawServer server = new($"HTTP/1.1 200 OK\r\nX: {new string('x', 33 * 1024)}\r\nContent-Length: 0\r\n\r\n");
        using EgressFixture egress = new();

        Assert.That(
            () => GetAsync(egress, $"http://api.example.com:{server.Port}/"),
            Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task SendAsync_SwitchesProtocolsUnasked_Fails()
    {
        await using RawServer server = new("HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\n");
        using EgressFixture egress = new();

        Assert.That(
            () => GetAsync(egress, $"http://api.example.com:{server.Port}/"),
            Throws.TypeOf<HttpRequestException>().With.Message.Contains("unasked"));
    }

    [Test]
    public void SendAsync_PlainConnect_IsRefused()
    {
        using EgressFixture egress = new();
        using EgressRequest request = new(HttpMethod.Connect, new Uri("http://api.example.com/"), egress.Key);

        Assert.That(() => egress.SendAsync(request), Throws.TypeOf<HttpRequestException>().With.Message.Contains("tunnel"));
        Assert.That(egress.Resolved, Is.Empty);
    }

    [TestCase("3.0", HttpVersionPolicy.RequestVersionOrLower, ExpectedResult = "2.0 RequestVersionOrLower")]
    [TestCase("3.0", HttpVersionPolicy.RequestVersionOrHigher, ExpectedResult = "2.0 RequestVersionOrLower")]
    [TestCase("1.1", HttpVersionPolicy.RequestVersionOrHigher, ExpectedResult = "2.0 RequestVersionOrLower")]
    [TestCase("2.0", HttpVersionPolicy.RequestVersionOrLower, ExpectedResult = "2.0 RequestVersionOrLower")]
    [TestCase("1.1", HttpVersionPolicy.RequestVersionExact, ExpectedResult = "1.1 RequestVersionExact")]
    public async Task<string> SendAsync_AnyVersion_AsksForAtMost2(string version, HttpVersionPolicy policy)
    {
        await using RawServer server = new();
        using EgressFixture egress = new();
        using EgressRequest request = egress.Get($"http://api.example.com:{server.Port}/");
        request.Version = Version.Parse(version);
        request.VersionPolicy = policy;

        using HttpResponseMessage response = await egress.SendAsync(request);

        return $"{request.Version} {request.VersionPolicy}";
    }

    [Test]
    public async Task SendAsync_Exactly3_IsRefused()
    {
        using EgressFixture egress = new();
        using EgressRequest request = egress.Get("https://api.example.com/");
        request.Version = HttpVersion.Version30;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        HttpRequestException? exception = await Assert.ThrowsAsync<HttpRequestException>(() => egress.SendAsync(request));

        Assert.That(exception?.HttpRequestError, Is.EqualTo(HttpRequestError.VersionNegotiationError));
    }

    [Test]
    public async Task Dispose_Handler_DisposesItsPools()
    {
        await using RawServer server = new();
        EgressFixture egress = new();
        await GetAsync(egress, $"http://api.example.com:{server.Port}/");

        egress.Handler.Dispose();

        Assert.That(
            () => GetAsync(egress, $"http://api.example.com:{server.Port}/"),
            Throws.TypeOf<ObjectDisposedException>());
    }

    private static async Task GetAsync(EgressFixture egress, string url)
    {
        using HttpResponseMessage response = await egress.SendAsync(egress.Get(url));
        await response.Content.ReadAsByteArrayAsync();
    }

    private sealed class OneHostProxy(string host, int port, IWebProxy others) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) =>
            destination.Host == host ? new Uri($"http://127.0.0.1:{port}/") : others.GetProxy(destination);

        public bool IsBypassed(Uri destination) => destination.Host != host && others.IsBypassed(destination);
    }
}
