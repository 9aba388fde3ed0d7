using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception.Tests;

[CancelAfter(30_000)]
internal sealed class EgressTlsTests
{
    private readonly TestAuthority _authority = new();

    [TearDown]
    public void TearDown() => _authority.Dispose();

    [Test]
    public async Task SendAsync_RootIsTrusted_Connects()
    {
        using X509Certificate2 certificate = _authority.Issue("api.example.com");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        using EgressFixture egress = new(options => options.TrustedRoots.Add(_authority.Certificate));

        using HttpResponseMessage response = await egress.SendAsync(egress.Get($"https://api.example.com:{server.Port}/a"));

        Assert.That(
            await response.Content.ReadAsStringAsync(),
            Is.EqualTo($"HTTP/1.1 https://api.example.com:{server.Port}/a api.example.com"));
    }

    [Test]
    public async Task SendAsync_RootIsUnknown_Fails()
    {
        using X509Certificate2 certificate = _authority.Issue("api.example.com");
        using TestAuthority other = new("Other Root");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        using EgressFixture none = new();
        using EgressFixture another = new(options => options.TrustedRoots.Add(other.Certificate));

        foreach (EgressFixture egress in new[] { none, another })
        {
            HttpRequestException? exception = await Assert.ThrowsAsync<HttpRequestException>(
                () => egress.SendAsync(egress.Get($"https://api.example.com:{server.Port}/")));
            Assert.That(exception?.HttpRequestError, Is.EqualTo(HttpRequestError.SecureConnectionError));
        }
    }

    [Test]
    public async Task SendAsync_CertificateOfAnotherName_FailsThoughTheRootIsTrusted()
    {
        using X509Certificate2 certificate = _authority.Issue("other.example.com");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        using EgressFixture egress = new(options => options.TrustedRoots.Add(_authority.Certificate));

        HttpRequestException? exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => egress.SendAsync(egress.Get($"https://api.example.com:{server.Port}/")));

        Assert.That(exception?.HttpRequestError, Is.EqualTo(HttpRequestError.SecureConnectionError));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task SendAsync_CertificateNamesAnInternalUrl_IsNotFollowed(bool isRootTrusted)
    {
        // The server keeps the intermediate back and says where it is to be had: inside.
        await using RawServer inside = new();
        using TestAuthority intermediate = new("Test Intermediate", _authority);
        using X509Certificate2 certificate = intermediate.Issue("api.example.com", $"http://127.0.0.1:{inside.Port}/ca.crt");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        using EgressFixture egress = new(options =>
        {
            if (isRootTrusted)
            {
                options.TrustedRoots.Add(_authority.Certificate);
            }
        });

        Assert.That(
            () => egress.SendAsync(egress.Get($"https://api.example.com:{server.Port}/")),
            Throws.InstanceOf<HttpRequestException>().With.Property(nameof(HttpRequestException.HttpRequestError)).EqualTo(HttpRequestError.SecureConnectionError));
        Assert.That(inside.Connections, Is.Zero);
    }

    [Test]
    public async Task SendAsync_ServerShowsTheIntermediate_NeedsTheRootAlone()
    {
        using TestAuthority intermediate = new("Test Intermediate", _authority);
        using X509Certificate2 certificate = intermediate.Issue("api.example.com");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate, issuers: [intermediate.Certificate]);
        using EgressFixture egress = new(options => options.TrustedRoots.Add(_authority.Certificate));

        using HttpResponseMessage response = await egress.SendAsync(egress.Get($"https://api.example.com:{server.Port}/"));

        Assert.That(response.IsSuccessStatusCode, Is.True);
    }

    [Test]
    public async Task SendAsync_HandshakeHangs_IsAFailedConnectionAndNoCancellation()
    {
        // It waits for the end of a request head, which no handshake has.
        await using RawServer server = new();
        using EgressFixture egress = new(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(100));

        HttpRequestException? exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => egress.SendAsync(egress.Get($"https://api.example.com:{server.Port}/")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception?.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
            Assert.That(exception?.InnerException, Is.TypeOf<TimeoutException>());
        }
    }
}
