using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>Credentials, client certificates, decompression and <c>Expect</c>: what a socket handler does of its own accord.</summary>
[CancelAfter(60_000)]
public class DCredentialTests
{
    private static readonly string s_challenge = RawServer.Answer(string.Empty, "WWW-Authenticate: Basic realm=x\r\n", "401 Unauthorized");

    private static string AskForBasic(string head) => head.Contains("Authorization: Basic", StringComparison.Ordinal) ? RawServer.Ok : s_challenge;

    [Test]
    public async Task D1_ChallengeToThePlatformsCredentials_NotAnswered()
    {
        await using RawServer server = new(AskForBasic);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new(
            static sockets =>
            {
                sockets.Credentials = new NetworkCredential("svc", "hunter2");
                sockets.PreAuthenticate = true;
            },
            addsCredential: false);
        await plain.Http.GetStringAsync(url);
        await plain.Other.GetStringAsync(url);

        Assert.That(plain.Naive.Seen, Has.Count.EqualTo(2));
        Assert.That(server.Heads, Has.Count.EqualTo(3), "the challenge was answered below the handler");
        Assert.That(server.Heads[2], Does.Contain("Authorization: Basic"), "and for the other tenant unasked");

        // The worker authenticates one tenant's request; on the same connection the next has what the worker gives it: nothing.
        bool isFirst = true;
        await using GuardedTenant guarded = new()
        {
            AddsCredential = false,
            Meanwhile = request =>
            {
                request.Headers.Authorization = isFirst ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String("svc:hunter2"u8)) : null;
                isFirst = false;
                return Task.CompletedTask;
            },
        };
        HttpStatusCode first = await guarded.RunAsync(async context => (await context.Http.GetAsync(url)).StatusCode);
        HttpStatusCode second = await guarded.RunAsync(async context => (await context.Http.GetAsync(url)).StatusCode, "other");

        Assert.That((first, second), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
        Assert.That(server.Heads, Has.Count.EqualTo(5), "one for each that the worker saw");
        Assert.That(server.Heads[4], Does.Not.Contain("Authorization"));
        Assert.That(server.Connections, Is.EqualTo(2), "the library's requests shared one");
    }

    [Test]
    public async Task D2_ChallengeFromAnyHost_NotAnswered()
    {
        await using RawServer phishing = new(AskForBasic);
        using SocketsHttpHandler sockets = new() { ConnectCallback = PlainClient.ConnectAsync, Credentials = new NetworkCredential("svc", "hunter2") };
        using HttpClient plain = new(sockets, disposeHandler: false);
        await plain.GetStringAsync($"http://phishing.test:{phishing.Port}/");

        Assert.That(phishing.Heads[1], Does.Contain(Convert.ToBase64String("svc:hunter2"u8)));

        // Nor a proxy's challenge, though the process has default credentials.
        await using RawServer asProxy = new(RawServer.Answer(string.Empty, "Proxy-Authenticate: Basic realm=x\r\n", "407 Proxy Authentication Required"));
        await using GuardedTenant guarded = new(static builder => builder.ConfigurePolicy(static policy => policy.AllowHosts("phishing.test")))
        {
            AddsCredential = false,
            Meanwhile = static request =>
            {
                request.Headers.Authorization = request.RequestUri!.Host == Hosts.Allowed ? new AuthenticationHeaderValue("Basic", "c3Zj") : null;
                return Task.CompletedTask;
            },
        };
        HttpStatusCode status = await guarded.RunAsync(async context => (await context.Http.GetAsync($"http://phishing.test:{phishing.Port}/")).StatusCode);
        await guarded.RunAsync(async context => (await context.Http.GetAsync(Hosts.AllowedUrl(asProxy.Port))).StatusCode);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(phishing.Heads.Skip(2).Single(), Does.Not.Contain("Authorization"));
        Assert.That(asProxy.Heads.Single(), Does.Contain("\r\nAuthorization: Basic c3Zj").And.Not.Contain("Proxy-Authorization"));
    }

    [Test]
    public async Task D3_UserInfoInTheUrl_NotInWhatWorkersAndRecordsSee([Values] UrlStrictness strictness)
    {
        await using RawServer server = new(RawServer.Ok);
        string url = $"http://user:pw@{Hosts.Allowed}:{server.Port}/x";
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(url);

        Assert.That(plain.Naive.Seen[0], Does.Contain("user:pw"));

        await using GuardedTenant guarded = new(builder => builder.Configure(options => options.UrlStrictness = strictness));
        Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync(url));

        Assert.That(failure, strictness == UrlStrictness.Strict ? Is.TypeOf<InvalidSubrequestException>() : Is.Null);
        Assert.That(guarded.Seen, Has.None.Contains("pw"));
        Assert.That(guarded.Records.Single().Url, Does.Not.Contain("pw"));
        Assert.That(failure?.ToString() ?? string.Empty, Does.Not.Contain("user:pw"));
    }

    [Test]
    public async Task D4_ClientCertificate_OfferedToNobody()
    {
        using TestAuthority authority = new();
        using X509Certificate2 platform = authority.Issue("platform");
        await using TlsServer server = await TlsServer.StartAsync(authority);
        using PlainClient plain = new(sockets => sockets.SslOptions = Trusting(platform));
        await plain.Http.GetStringAsync(server.Url);

        Assert.That(server.ClientCertificates, Is.EqualTo(new[] { "CN=platform" }));

        // The platform has one here too, for another host.
        await using GuardedTenant guarded = new(builder => builder.ConfigureConnections(options =>
        {
            options.TrustedRoots.Add(authority.Certificate);
            options.ClientCertificates.Add(new ClientCertificate(platform, ["bank.test"]));
        }));
        await guarded.GetAsync(server.Url);

        Assert.That(server.ClientCertificates, Is.EqualTo(new[] { "CN=platform", null }));
    }

    [Test]
    public async Task D5_ConnectionThatIsAuthenticated_IsNoTenants()
    {
        using TestAuthority authority = new();
        using X509Certificate2 ofFirst = authority.Issue("first-tenant");
        await using TlsServer server = await TlsServer.StartAsync(authority);
        using PlainClient plain = new(sockets => sockets.SslOptions = Trusting(ofFirst));
        await plain.Http.GetStringAsync(server.Url);
        string other = await plain.Other.GetStringAsync(server.Url);

        Assert.That(other, Is.EqualTo("CN=first-tenant"), "the other tenant speaks with the first one's certificate");

        await using GuardedTenant guarded = new(builder => builder.ConfigureConnections(options =>
        {
            options.TrustedRoots.Add(authority.Certificate);
            options.ClientCertificates.Add(new ClientCertificate(ofFirst, [Hosts.Allowed], "tenant"));
        }));

        Assert.That(await guarded.GetAsync(server.Url), Is.EqualTo("CN=first-tenant"));
        Assert.That(await guarded.GetAsync(server.Url, "other"), Is.EqualTo("none"));
        Assert.That(await guarded.GetAsync(server.Url), Is.EqualTo("CN=first-tenant"));
    }

    [Test]
    public async Task D6_DecompressionBomb_PassesAsItIs()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(new byte[8 << 20]);
        }

        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n");
        await using RawServer server = new([.. head, .. packed.ToArray()]);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new(static sockets => sockets.AutomaticDecompression = DecompressionMethods.All);

        Assert.That(await plain.Http.GetByteArrayAsync(url), Has.Length.EqualTo(8 << 20));
        Assert.That(server.Heads[0], Does.Contain("Accept-Encoding"), "which the naive handler never saw");

        await using GuardedTenant guarded = new();
        byte[] body = await guarded.RunAsync(context => context.Http.GetByteArrayAsync(url));

        Assert.That(body, Has.Length.EqualTo(packed.Length));
        Assert.That(server.Heads[1], Does.Not.Contain("Accept-Encoding"));

        // Where the platform has them unpacked, what comes out counts.
        await using GuardedTenant unpacking = new(static builder => builder.ConfigureConnections(static options => options.AutomaticDecompression = DecompressionMethods.All));
        Exception? failure = await unpacking.FailAsync(context => context.Http.GetByteArrayAsync(url), limits: new DispatchLimits { ResponseBytes = 1 << 20 });

        Assert.That(failure, Is.TypeOf<DispatchLimitException>().With.Property("Limit").EqualTo(DispatchLimit.ResponseBytes));
    }

    [Test]
    public async Task D7_ExpectContinue_DelaysNoBody()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        using HttpResponseMessage _ = await plain.Http.SendAsync(Request());

        Assert.That(server.Heads[0], Does.Contain("Expect: 100-continue"));

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request())).StatusCode);

        Assert.That(server.Heads[^1], Does.Not.Contain("Expect"));

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent([]) };
            request.Headers.ExpectContinue = true;
            return request;
        }
    }

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 own) => new()
    {
        ClientCertificates = [own],
        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
    };
}
