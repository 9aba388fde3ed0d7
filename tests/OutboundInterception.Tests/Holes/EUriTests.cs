using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>Which host a request is for: URL, <c>Host</c> header, server name.</summary>
[CancelAfter(60_000)]
public class EUriTests
{
    [TestCase("internal.test")]
    [TestCase("x y/..@z")]
    public async Task E1_HostHeaderOfTheTenant_NotSent(string host)
    {
        await using RawServer server = new(RawServer.Ok);
        using PlainClient plain = new();
        await plain.Http.SendAsync(Request());

        Assert.That(server.Heads[0], Does.Contain($"Host: {host}\r\n"));

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request())).StatusCode);

        Assert.That(server.Heads[1].Split("\r\n").Where(static line => line.StartsWith("Host", StringComparison.OrdinalIgnoreCase)), Is.EqualTo(new[] { $"Host: {Hosts.Allowed}:{server.Port}" }));

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Get, Hosts.AllowedUrl(server.Port));
            request.Headers.TryAddWithoutValidation("Host", host);
            return request;
        }
    }

    [Test]
    public async Task E2_ServerNameFromTheHostHeader_IsThatOfTheUrl()
    {
        using TestAuthority authority = new();
        using X509Certificate2 certificate = authority.Issue("fronted.test");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        using PlainClient plain = new(sockets => sockets.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, errors) =>
            errors == System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors);

        using HttpResponseMessage fronted = await plain.Http.SendAsync(Request());
        Assert.That(await fronted.Content.ReadAsStringAsync(), Does.EndWith(" fronted.test"), "the name that was checked is the header's");

        await using GuardedTenant guarded = new(builder => builder.ConfigureConnections(options => options.TrustedRoots.Add(authority.Certificate)));
        Exception? failure = await guarded.FailAsync(context => context.Http.SendAsync(Request()));

        Assert.That(failure, Is.TypeOf<OutboundException>());

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Get, $"https://{Hosts.Allowed}:{server.Port}/");
            request.Headers.Host = "fronted.test";
            return request;
        }
    }

    [TestCase("\uFF49nternal.test")]
    [TestCase("inte\u00ADrnal.test")]
    [TestCase("internal\u3002test")]
    [TestCase("\u24D8nternal.test")]
    [TestCase("inter\u200Bnal.test")]
    public async Task E3_HostThatFoldsIntoADeniedOne_Denied(string host)
    {
        await using RawServer inside = new(RawServer.Ok);
        using HttpClient plain = new(new Denying(Hosts.Internal));
        await plain.GetStringAsync($"http://{host}:{inside.Port}/");

        Assert.That(inside.Connections, Is.EqualTo(1));

        await using GuardedTenant guarded = new(static builder => builder.ConfigurePolicy(static policy => policy.AllowHosts("*.test").DenyHosts(Hosts.Internal)));
        Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync($"http://{host}:{inside.Port}/"));
        Exception? withDot = await guarded.FailAsync(context => context.Http.GetStringAsync($"http://{host}.:{inside.Port}/"));

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>().With.Property("Host").EqualTo(Hosts.Internal));
        Assert.That(withDot, Is.TypeOf<OutboundBlockedException>().Or.TypeOf<InvalidSubrequestException>());
        Assert.That(inside.Connections, Is.EqualTo(1));
    }

    [TestCase("\u2460\u2461\u2466.\u24EA.\u24EA.\u2460")]
    [TestCase("\uFF11\uFF12\uFF17.0.0.1")]
    [TestCase("127\u30020\u30020\u30021")]
    public async Task E4_DigitsThatFoldIntoAnAddress_CheckedAsOne(string host)
    {
        await using RawServer inside = new(RawServer.Ok);
        Uri uri = new($"http://{host}:{inside.Port}/");
        using HttpClient plain = new(new SocketsHttpHandler());

        Assert.That(IPAddress.TryParse(uri.Host, out _), Is.False, "which a check by Uri.Host takes for a name");
        await plain.GetStringAsync(uri);
        Assert.That(inside.Connections, Is.EqualTo(1));

        await using GuardedTenant guarded = new(static builder => builder
            .ConfigurePolicy(static policy => policy.AllowHosts("**"))
            .ConfigureConnections(static options => options.AllowedNetworks.Clear()));
        foreach (string other in new[] { host, "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "127.0.0.1." })
        {
            Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync($"http://{other}:{inside.Port}/"));
            Assert.That(failure, Is.TypeOf<OutboundBlockedException>(), other);
        }

        Assert.That(inside.Connections, Is.EqualTo(1));
        Assert.That(guarded.Resolved, Is.Empty);
    }

    [Test]
    public async Task E5_UriOfADerivedClass_DecidedByWhatIsDialled()
    {
        await using RawServer inside = new(RawServer.Ok);
        LyingUri uri = new(Hosts.InternalUrl(inside.Port));
        using HttpClient plain = new(new AllowingByText());
        await plain.GetStringAsync(uri);

        Assert.That(inside.Connections, Is.EqualTo(1));

        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(context => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, uri)));

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>().With.Property("Host").EqualTo(Hosts.Internal));
        Assert.That(guarded.Records.Single().Url, Does.Contain(Hosts.Internal));
    }

    [Test]
    public async Task E6_RawLineBreakInTheUrl_OneRequestOnTheWire([Values] UrlStrictness strictness)
    {
        await using RawServer server = new(RawServer.Ok);
        string raw = Hosts.AllowedUrl(server.Port, "/a HTTP/1.1\r\nHost: x\r\n\r\nGET /smuggled");
        Uri uri = new(raw, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(uri);

        Assert.That(server.Received(2), Is.True, "of one");

        await using GuardedTenant guarded = new(builder => builder.Configure(options => options.UrlStrictness = strictness));
        await guarded.FailAsync(context => context.Http.GetStringAsync(uri));
        await guarded.FailAsync(context => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, uri)));

        // The port alone is one that strict rules refuse.
        Assert.That(server.Heads.Skip(2).Count(), Is.EqualTo(strictness == UrlStrictness.Strict ? 0 : 2));
        Assert.That(server.Heads.Skip(2), Has.None.StartsWith("GET /smuggled").And.None.Contains(" /a HTTP/1.1\r\n"));
    }

    // Dials loopback whatever the name, as the resolver of these tests does.
    private static SocketsHttpHandler ToLoopback => new() { ConnectCallback = PlainClient.ConnectAsync };

    private sealed class Denying(string host) : DelegatingHandler(ToLoopback)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.Host == host ? throw new HttpRequestException("BLOCKED") : base.SendAsync(request, cancellationToken);
    }

    private sealed class AllowingByText() : DelegatingHandler(ToLoopback)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.ToString() != $"http://{Hosts.Allowed}/" ? throw new HttpRequestException("BLOCKED") : base.SendAsync(request, cancellationToken);
    }

    private sealed class LyingUri(string uri) : Uri(uri)
    {
        public override string ToString() => $"http://{Hosts.Allowed}/";
    }
}
