using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OutboundInterception.Tests;

[CancelAfter(60_000)]
internal sealed class EgressConfigurationReaderTests
{
    [Test]
    public void Read_EverySetting_Arrives()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "ca.pem");
        using TestAuthority authority = new();
        File.WriteAllText(file, authority.Certificate.ExportCertificatePem());

        EgressOptions options = Read($$"""
            {
              "AllowedNetworks": ["10.1.0.0/16", "fd00::/8"],
              "DeniedNetworks": ["10.1.2.0/24"],
              "Routes": { "api.example.com": "http://127.0.0.1:5081" },
              "TrustedRoots": [{{System.Text.Json.JsonSerializer.Serialize(file)}}],
              "ResolutionLifetime": "00:00:01",
              "ConnectTimeout": "00:00:02",
              "PooledConnectionLifetime": "00:00:03",
              "pooledConnectionIdleTimeout": "00:00:04",
              "MaxConnectionsPerServer": 5,
              "MaxResponseHeadersLength": 6
            }
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.Validate(), Is.Empty);
            Assert.That(options.AllowedNetworks, Is.EqualTo(new[] { IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00::/8") }));
            Assert.That(options.DeniedNetworks, Is.EqualTo(new[] { IPNetwork.Parse("10.1.2.0/24") }));
            Assert.That(options.Routes["api.example.com"], Is.EqualTo("http://127.0.0.1:5081"));
            Assert.That(options.TrustedRoots.Single().Thumbprint, Is.EqualTo(authority.Certificate.Thumbprint));
            Assert.That(options.ResolutionLifetime, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(options.ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(options.PooledConnectionLifetime, Is.EqualTo(TimeSpan.FromSeconds(3)));
            Assert.That(options.PooledConnectionIdleTimeout, Is.EqualTo(TimeSpan.FromSeconds(4)));
            Assert.That(options.MaxConnectionsPerServer, Is.EqualTo(5));
            Assert.That(options.MaxResponseHeadersLength, Is.EqualTo(6));
        }
    }

    [TestCase("""{ "DenyedNetworks": ["10.0.0.0/8"] }""", "'Egress:DenyedNetworks' is not known; what may stand there is AllowedNetworks, DeniedNetworks")]
    [TestCase("""{ "DeniedNetworks": ["10.0.0.0"] }""", "'Egress:DeniedNetworks:0' is '10.0.0.0', which is no network")]
    [TestCase("""{ "DeniedNetworks": "10.0.0.0/8" }""", "'Egress:DeniedNetworks' is '10.0.0.0/8'; write a list")]
    [TestCase("""{ "ConnectTimeout": "soon" }""", "'Egress:ConnectTimeout' is 'soon', which is no time")]
    [TestCase("""{ "ConnectTimeout": "01:00:00" }""", "ConnectTimeout is 01:00:00; it must be from")]
    [TestCase("""{ "MaxConnectionsPerServer": "many" }""", "'Egress:MaxConnectionsPerServer' is 'many', which is no whole number")]
    [TestCase("""{ "Routes": { "*.example.com": "http://127.0.0.1:1" } }""", "The route of '*.example.com'")]
    [TestCase("""{ "Routes": "http://127.0.0.1:1" }""", "'Egress:Routes' is 'http://127.0.0.1:1'; write an object")]
    [TestCase("""{ "TrustedRoots": ["/nowhere/ca.pem"] }""", "'Egress:TrustedRoots:0': the file '/nowhere/ca.pem' cannot be read")]
    public void ConfigureConnections_SomethingIsWrong_FailsTheStartAndSaysWhat(string json, string message)
    {
        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() =>
            Platform.Create(builder => builder.ConfigureConnections(Section($$"""{ "Egress": {{json}} }"""))))!;

        Assert.That(exception.Failures, Has.Exactly(1).Contains(message));
    }

    [Test]
    public void ConfigureConnections_SectionIsMissing_FailsTheStart()
    {
        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() =>
            Platform.Create(builder => builder.ConfigureConnections(Section("{}"))))!;

        Assert.That(exception.Message, Does.Contain("The configuration has no section 'Egress'"));
    }

    private static EgressOptions Read(string json)
    {
        EgressOptions options = new();
        new EgressConfigurationReader(options).Read(Section($$"""{ "Egress": {{json}} }"""));
        return options;
    }

    private static IConfigurationSection Section(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build().GetSection("Egress");
}
