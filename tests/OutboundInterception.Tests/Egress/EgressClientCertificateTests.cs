using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OutboundInterception.Tests;

[CancelAfter(60_000)]
internal sealed class EgressClientCertificateTests
{
    private readonly TestAuthority _authority = new();
    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> _thumbprints = new();
    private X509Certificate2 _server = null!;
    private X509Certificate2 _one = null!;
    private X509Certificate2 _two = null!;

    [SetUp]
    public void SetUp()
    {
        _server = _authority.Issue("api.example.com");
        _one = _authority.Issue("one");
        _two = _authority.Issue("two");
    }

    [TearDown]
    public void TearDown()
    {
        _server.Dispose();
        _one.Dispose();
        _two.Dispose();
        _authority.Dispose();
    }

    [TestCase(HttpProtocols.Http1)]
    [TestCase(HttpProtocols.Http2)]
    public async Task SendAsync_TwoTenantsAtOnce_NeverShareAConnectionAndShowTheirOwn(HttpProtocols protocols)
    {
        await using WebApplication server = await StartAsync(protocols, ClientCertificateMode.RequireCertificate);
        using EgressFixture egress = new(options =>
        {
            options.TrustedRoots.Add(_authority.Certificate);
            options.ClientCertificates.Add(new ClientCertificate(_one, ["api.example.com"], "one"));
            options.ClientCertificates.Add(new ClientCertificate(_two, ["*.example.com"], "two"));
        });

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => GetAsync(egress, server, index % 2 == 0 ? "one" : "two", protocols)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Where((_, index) => index % 2 == 0), Is.All.EqualTo(_one.Thumbprint));
            Assert.That(answers.Where((_, index) => index % 2 == 1), Is.All.EqualTo(_two.Thumbprint));
            Assert.That(_thumbprints.Values.Select(seen => seen.Distinct().Count()), Is.All.EqualTo(1), "a connection served two tenants");
        }
    }

    [Test]
    public async Task SendAsync_TenantOrHostWithoutOne_ShowsNone()
    {
        await using WebApplication server = await StartAsync(HttpProtocols.Http1, ClientCertificateMode.AllowCertificate);
        using EgressFixture egress = new(options =>
        {
            options.TrustedRoots.Add(_authority.Certificate);
            options.ClientCertificates.Add(new ClientCertificate(_one, ["other.example.com"], "one"));
            options.ClientCertificates.Add(new ClientCertificate(_two, ["api.example.com"], "two"));
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await GetAsync(egress, server, "one"), Is.EqualTo("none"));
            Assert.That(await GetAsync(egress, server, "three"), Is.EqualTo("none"));
            Assert.That(await GetAsync(egress, server, "two"), Is.EqualTo(_two.Thumbprint));
        }
    }

    [Test]
    public async Task SendAsync_OneForAllAndOneForTheTenant_TheTenantsComesFirst()
    {
        await using WebApplication server = await StartAsync(HttpProtocols.Http1, ClientCertificateMode.RequireCertificate);
        using EgressFixture egress = new(options =>
        {
            options.TrustedRoots.Add(_authority.Certificate);
            options.ClientCertificates.Add(new ClientCertificate(_one, ["api.example.com"]));
            options.ClientCertificates.Add(new ClientCertificate(_two, ["api.example.com"], "two"));
        });

        Assert.That(await GetAsync(egress, server, "any"), Is.EqualTo(_one.Thumbprint));
        Assert.That(await GetAsync(egress, server, "two"), Is.EqualTo(_two.Thumbprint));
    }

    [Test]
    public async Task SendAsync_AddressIsPrivate_IsRefusedByTheGuardAlike()
    {
        using EgressFixture egress = new(options =>
        {
            options.AllowedNetworks.Clear();
            options.ClientCertificates.Add(new ClientCertificate(_one, ["api.example.com"], "one"));
        });
        EgressRequest request = egress.Get("https://api.example.com/");
        request.Tenant = "one";

        await Assert.ThrowsAsync<AddressBlockedException>(() => egress.SendAsync(request));
    }

    [Test]
    public async Task AddClientCertificate_Dispatch_ShowsTheTenantsOnARoutedHost()
    {
        await using WebApplication server = await StartAsync(HttpProtocols.Http1, ClientCertificateMode.RequireCertificate);
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token))
            .Route("api.example.com", server.Urls.First())
            .ConfigureConnections(options => options.TrustedRoots.Add(_authority.Certificate))
            .AddClientCertificate("tenant", _one, "api.example.com")
            .AddClientCertificate("other", _two, "api.example.com"));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(_one.Thumbprint));
    }

    [Test]
    public void AddClientCertificate_WithoutKeyOrHostsOrForEveryHost_FailsTheStartAndSaysSo()
    {
        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(_one.RawData);

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => Platform.Create(builder => builder
            .AddClientCertificate("a", keyless, "api.example.com")
            .AddClientCertificate("b", _one)
            .AddClientCertificate("c", _one, "**")
            .AddClientCertificate("d", _one, "https://api.example.com/")))!;

        Assert.That(exception.Failures, Has.One.Contains("tenant 'a' has no private key").And.One.Contains("tenant 'b' names no host")
            .And.One.Contains("tenant 'c' is for every host").And.One.Contains("tenant 'd': the host 'https://api.example.com/' is more than a host"));
    }

    private static async Task<string> GetAsync(EgressFixture egress, WebApplication server, string tenant, HttpProtocols protocols = HttpProtocols.Http1)
    {
        EgressRequest request = egress.Get($"https://api.example.com:{new Uri(server.Urls.First()).Port}/");
        request.Tenant = tenant;
        request.Version = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        using HttpResponseMessage response = await egress.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<WebApplication> StartAsync(HttpProtocols protocols, ClientCertificateMode mode)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(_server, https =>
            {
                https.ClientCertificateMode = mode;
                https.AllowAnyClientCertificate();
            });
        }));
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Run(async http =>
        {
            string thumbprint = (await http.Connection.GetClientCertificateAsync())?.Thumbprint ?? "none";
            _thumbprints.GetOrAdd(http.Connection.Id, _ => []).Add(thumbprint);
            await http.Response.WriteAsync(thumbprint);
        });
        await app.StartAsync();
        return app;
    }
}
