using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OutboundInterception.Tests;

[CancelAfter(30_000)]
internal sealed class EgressRouteTests
{
    [TestCase("http://api.example.com/a?b", "GET /a?b HTTP/1.1\r\nHost: api.example.com\r\n\r\n")]
    [TestCase("https://api.example.com/a?b", "GET /a?b HTTP/1.1\r\nHost: api.example.com\r\n\r\n")]
    [TestCase("https://api.example.com:8443/", "GET / HTTP/1.1\r\nHost: api.example.com:8443\r\n\r\n")]
    [TestCase("https://api.example.com:80/", "GET / HTTP/1.1\r\nHost: api.example.com:80\r\n\r\n")]
    public async Task SendAsync_HttpTarget_KeepsUrlAndHost(string url, string wire)
    {
        await using RawServer server = new();
        using EgressFixture egress = Routed($"http://127.0.0.1:{server.Port}");
        using EgressRequest request = egress.Get(url);

        using HttpResponseMessage response = await egress.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Heads, Is.EqualTo(new[] { wire }));
            Assert.That(request.RequestUri, Is.EqualTo(new Uri(url)));
            Assert.That(response.RequestMessage, Is.SameAs(request));
            Assert.That(egress.Resolved, Is.Empty);
        }
    }

    [Test]
    public async Task SendAsync_HttpTarget_CarriesHeadersAndBody()
    {
        await using WebServer server = await WebServer.StartAsync();
        using EgressFixture egress = Routed($"http://127.0.0.1:{server.Port}");
        using EgressRequest request = new(HttpMethod.Post, new Uri("https://api.example.com/"), egress.Key);
        request.Content = new StringContent("; body");
        request.Headers.TryAddWithoutValidation("X-Two", ["1", "2"]);

        using HttpResponseMessage response = await egress.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("HTTP/1.1 http://api.example.com/; body"));
    }

    [TestCase("http")]
    [TestCase("https")]
    public async Task SendAsync_Exactly2ToHttpTarget_SpeaksHttp2WithoutTls(string scheme)
    {
        await using WebServer server = await WebServer.StartAsync(HttpProtocols.Http2);
        using EgressFixture egress = Routed($"http://127.0.0.1:{server.Port}");
        using EgressRequest request = egress.Get($"{scheme}://api.example.com/a");
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        using HttpResponseMessage response = await egress.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("HTTP/2 http://api.example.com/a"));
    }

    [TestCase("http")]
    [TestCase("https")]
    public async Task SendAsync_HttpsTarget_KeepsServerNameAndCertificateCheck(string scheme)
    {
        using TestAuthority authority = new();
        using X509Certificate2 certificate = authority.Issue("api.example.com");
        await using WebServer server = await WebServer.StartAsync(HttpProtocols.Http1AndHttp2, certificate);
        using EgressFixture egress = Routed(
            $"https://127.0.0.1:{server.Port}", options => options.TrustedRoots.Add(authority.Certificate));
        using EgressRequest request = egress.Get($"{scheme}://api.example.com/a");
        request.Version = HttpVersion.Version20;

        using HttpResponseMessage response = await egress.SendAsync(request);

        Assert.That(
            await response.Content.ReadAsStringAsync(), Is.EqualTo("HTTP/2 https://api.example.com/a api.example.com"));
    }

    [Test]
    public async Task SendAsync_HttpsTargetOfAnotherName_Fails()
    {
        using TestAuthority authority = new();
        using X509Certificate2 certificate = authority.Issue("localhost");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        using EgressFixture egress = Routed(
            $"https://127.0.0.1:{server.Port}", options => options.TrustedRoots.Add(authority.Certificate));

        Assert.That(
            () => egress.SendAsync(egress.Get("https://api.example.com/")), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task SendAsync_EndpointUnderItsOwnName_IsStillGuarded()
    {
        await using RawServer server = new();
        using EgressFixture egress = Routed($"http://127.0.0.1:{server.Port}");

        Assert.That(
            () => egress.SendAsync(egress.Get($"http://127.0.0.1:{server.Port}/")), Throws.TypeOf<AddressBlockedException>());
        Assert.That(server.Connections, Is.Zero);
    }

    [Test]
    public async Task SendAsync_HostWithoutRoute_IsStillGuarded()
    {
        await using RawServer server = new();
        using EgressFixture egress = Routed($"http://127.0.0.1:{server.Port}");
        using HttpResponseMessage response = await egress.SendAsync(egress.Get("http://api.example.com/"));

        Assert.That(
            () => egress.SendAsync(egress.Get("http://www.example.com/")), Throws.TypeOf<AddressBlockedException>());
    }

    // Nothing is allowed here, so what gets through does so by its route.
    private static EgressFixture Routed(string endpoint, Action<EgressOptions>? configure = null) => new(options =>
    {
        options.AllowedNetworks.Clear();
        options.Routes["api.example.com"] = endpoint;
        configure?.Invoke(options);
    });
}
