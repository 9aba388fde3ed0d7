using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>What a certificate makes its reader fetch, past every handler and connect callback.</summary>
[CancelAfter(60_000)]
public class NCertificateTests
{
    private readonly TestAuthority _authority = new();

    [TearDown]
    public void TearDown() => _authority.Dispose();

    [Test]
    public async Task N1_UrlInACertificate_NotFetched()
    {
        await using RawServer inside = new(RawServer.Ok);
        using TestAuthority intermediate = new("Intermediate of N1", _authority);
        using X509Certificate2 certificate = intermediate.Issue(Hosts.Allowed, $"http://127.0.0.1:{inside.Port}/ca.crt");
        using (X509Chain plain = new())
        {
            plain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            plain.Build(certificate);
        }

        Assert.That(inside.Heads.Single(), Does.StartWith("GET /ca.crt"));

        using X509Chain ours = new() { ChainPolicy = TrustedRootsCheck.CreateChainPolicy() };
        ours.Build(certificate);

        Assert.That(inside.Heads, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task N2_HandshakeWithAnAllowedServer_FetchesNothing([Values] bool isRootTrusted)
    {
        await using RawServer inside = new(RawServer.Ok);
        await FetchAsync(inside, isRootTrusted);

        Assert.That(inside.Heads, Has.Count.EqualTo(1), "the plain client's alone");
    }

    [Test]
    public async Task N2_CertificateThatNamesWhereItIsRevoked_AsksNobody()
    {
        await using RawServer inside = new(RawServer.Answer(string.Empty, status: "404 Not Found"));
        using X509Certificate2 certificate = _authority.Issue(Hosts.Allowed, $"http://127.0.0.1:{inside.Port}/ca.crt", $"http://127.0.0.1:{inside.Port}/");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        string url = $"https://{Hosts.Allowed}:{server.Port}/";
        using PlainClient plain = new(sockets => sockets.SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _authority.Certificate },
                RevocationMode = X509RevocationMode.Online,
                RevocationFlag = X509RevocationFlag.EndCertificateOnly,
            },
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        });
        await plain.Http.GetStringAsync(url);

        int asked = inside.Heads.Count;
        Assert.That(inside.Heads, Has.Some.StartsWith("GET /list.crl").And.Some.Matches<string>(static head => head!.Contains(" /ocsp")));
        Assert.That(plain.Naive.Seen, Has.Count.EqualTo(1), "none of which the handler saw");

        await using GuardedTenant guarded = new(builder => builder.ConfigureConnections(options => options.TrustedRoots.Add(_authority.Certificate)));

        Assert.That(await guarded.GetAsync(url), Does.Contain(Hosts.Allowed));
        Assert.That(inside.Heads, Has.Count.EqualTo(asked));
    }

    [Test]
    public async Task N3_RedirectOfWhatIsFetched_NotFollowedBecauseNothingIs()
    {
        await using RawServer inside = new(RawServer.Ok);
        await using RawServer listed = new(RawServer.Redirect($"http://127.0.0.1:{inside.Port}/secret"));
        await FetchAsync(listed, isRootTrusted: true);

        Assert.That(inside.Heads.Single(), Does.StartWith("GET /secret"));
        Assert.That(listed.Heads, Has.Count.EqualTo(1));
    }

    private async Task FetchAsync(RawServer listed, bool isRootTrusted)
    {
        // The server keeps the intermediate back and says where it is to be had.
        using TestAuthority intermediate = new($"Intermediate at {listed.Port}", _authority);
        using X509Certificate2 certificate = intermediate.Issue(Hosts.Allowed, $"http://127.0.0.1:{listed.Port}/ca.crt");
        await using WebServer server = await WebServer.StartAsync(certificate: certificate);
        string url = $"https://{Hosts.Allowed}:{server.Port}/";
        using PlainClient plain = new(static sockets => sockets.SslOptions.RemoteCertificateValidationCallback =
            static (_, _, _, errors) => errors == SslPolicyErrors.RemoteCertificateChainErrors);
        await plain.Http.GetStringAsync(url);

        Assert.That(listed.Heads.Single(), Does.StartWith("GET /ca.crt"));
        Assert.That(plain.Naive.Seen, Has.Count.EqualTo(1));

        await using GuardedTenant guarded = new(builder =>
        {
            if (isRootTrusted)
            {
                builder.ConfigureConnections(options => options.TrustedRoots.Add(_authority.Certificate));
            }
        });
        Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync(url));

        Assert.That(failure, Is.TypeOf<OutboundException>(), "a server that keeps its intermediate back is not trusted");
    }
}
