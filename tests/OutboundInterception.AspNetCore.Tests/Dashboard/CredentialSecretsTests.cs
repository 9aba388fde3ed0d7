using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.IdentityModel.Tokens;
using OutboundInterception.Tests;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

/// <summary>
/// What the platform itself signs subrequests with is in nothing that is written: the origin sends it back wherever an answer
/// has room, and a token endpoint tells it in its error.
/// </summary>
[CancelAfter(120_000)]
public class CredentialSecretsTests
{
    private static readonly string[] s_kinds = ["key", "basic", "bearer", "oauth", "refused", "signed", "mutual"];

    private readonly Dictionary<string, string> _secrets = s_kinds.Append("token").ToDictionary(static kind => kind, static kind => $"Sk{kind}{Guid.NewGuid():n}");
    private readonly ConcurrentDictionary<string, string> _seen = new();

    [Test]
    public async Task EveryOutput_CredentialsAndCertificatesWereUsed_HasNoneOfThem(CancellationToken cancellationToken)
    {
        using TestAuthority authority = new();
        using X509Certificate2 issued = authority.Issue("platform");
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(
            issued.Export(X509ContentType.Pfx, _secrets["mutual"]), _secrets["mutual"], X509KeyStorageFlags.Exportable);
        using X509Certificate2 own = authority.Issue("mutual.example.com");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using WebApplication origin = await StartOriginAsync(own);
        string url = origin.Urls.First(static each => each.StartsWith("http:", StringComparison.Ordinal));
        string secure = origin.Urls.First(static each => each.StartsWith("https:", StringComparison.Ordinal));
        string file = Path.Combine(Directory.CreateTempSubdirectory("secrets").FullName, "records.jsonl");
        FakeLogCollector log = FakeLogCollector.Create(new FakeLogCollectorOptions());
        using TelemetryTexts telemetry = new();
        List<string> written = [];
        await using (DashboardServer server = await DashboardServer.StartAsync(
            services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(log))),
            tenant: CallAllAsync,
            worker: static (request, context, token) => context.SendAsync(request, token),
            configure: builder =>
            {
                foreach (string kind in s_kinds)
                {
                    builder.Route($"{kind}.example.com", kind == "mutual" ? secure.Replace("127.0.0.1", "mutual.example.com", StringComparison.Ordinal) : url);
                }

                builder
                    .ConfigurePolicy(static policy => policy.AllowHosts("*.example.com"))
                    .ConfigureConnections(options =>
                    {
                        options.TrustedRoots.Add(authority.Certificate);
                        options.ClientCertificates.Add(new ClientCertificate(certificate, ["mutual.example.com"]));
                        options.ResolveAsync = static (_, _) => new([IPAddress.Loopback]);
                    })
                    .AddSubrequestLogging(RecordDetail.Phases)
                    .AddJsonLines(file, static options => options.Detail = RecordDetail.Phases | RecordDetail.Headers);
                AddCredentials(builder, url, key);
            }))
        {
            await server.DispatchAsync();
            written.Add(await server.ReadEverythingAsync(cancellationToken));
            foreach (SubrequestRecord record in server.Records)
            {
                written.Add($"{record} {string.Join(' ', record.RequestHeaders ?? [])} {string.Join(' ', record.ResponseHeaders ?? [])}");
            }

            Assert.That(server.Records.Select(static record => record.Host.Split('.')[0]), Is.EquivalentTo(s_kinds));
        }

        foreach (FakeLogRecord line in log.GetSnapshot())
        {
            written.Add($"{line.Message} {string.Join(' ', line.StructuredState ?? [])} {string.Join(' ', line.Scopes)} {line.Exception}");
        }

        written.Add(await File.ReadAllTextAsync(file, cancellationToken));
        written.Add(telemetry.ToString());
        string text = string.Join('\n', written);
        using (Assert.EnterMultipleScope())
        {
            // What was planted has really travelled, and the search looks where something is.
            Assert.That(_seen.Keys, Is.EquivalentTo(s_kinds.Except(["refused"]).Append("token-refused").Append("token-oauth")));
            Assert.That(_seen["mutual"], Does.EndWith(certificate.Thumbprint));
            Assert.That(text, Does.Contain("Subrequest: namespace=").And.Contain("span GET").And.Contain("outbound.subrequest.duration").And.Contain("\"name\":\"Authorization\""));
            foreach ((string kind, string secret) in Secrets(certificate))
            {
                Assert.That(text.Contains(secret, StringComparison.OrdinalIgnoreCase), Is.False, $"{kind} is written somewhere");
            }
        }
    }

    private IEnumerable<(string Kind, string Secret)> Secrets(X509Certificate2 certificate)
    {
        foreach ((string kind, string secret) in _secrets)
        {
            yield return (kind, secret);
        }

        yield return ("basic, encoded", Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{_secrets["basic"]}")));
        yield return ("signed token", _seen["signed"].Split(' ')[1]);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        yield return ("certificate's key", Convert.ToBase64String(key.ExportParameters(includePrivateParameters: true).D!));
    }

    private void AddCredentials(IDispatchNamespaceBuilder builder, string url, ECDsa key)
    {
        ClientCredentialsOptions Client(string kind) => new() { TokenEndpoint = new Uri($"{url}/token/{kind}"), ClientId = "client", ClientSecret = _secrets[kind] };
        builder
            .AddCredentials(Credential.Header("X-Api-Key", _secrets["key"]), "key.example.com")
            .AddCredentials(Credential.Basic("user", _secrets["basic"]), "basic.example.com")
            .AddCredentials(Credential.Bearer((_, _) => new(_secrets["bearer"])), "bearer.example.com")
            .AddCredentials(Credential.ClientCredentials(Client("oauth")), "oauth.example.com")
            .AddCredentials(Credential.ClientCredentials(Client("refused")), "refused.example.com")
            .AddCredentials(
                Credential.SignedToken(new SignedTokenOptions
                {
                    Issuer = "us",
                    Audience = "them",
                    SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
                    Claims = _ => new Dictionary<string, object> { ["note"] = _secrets["signed"] },
                }),
                "signed.example.com");
    }

    private static async Task<HttpResponseMessage> CallAllAsync(HttpRequestMessage inbound, TenantContext context, CancellationToken token)
    {
        foreach (string kind in s_kinds)
        {
            try
            {
                using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, $"https://{kind}.example.com/orders"), token);
                await response.Content.ReadAsByteArrayAsync(token);
            }
            catch (HttpRequestException) when (kind == "refused")
            {
                // Its token endpoint gives none.
            }
        }

        return new HttpResponseMessage();
    }

    private async Task<WebApplication> StartOriginAsync(X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            }));
        });
        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return app;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/token", out PathString kind))
        {
            string of = kind.Value![1..];
            _seen[$"token-{of}"] = "";
            http.Response.StatusCode = of == "refused" ? 400 : 200;
            await http.Response.WriteAsJsonAsync(of == "refused"
                ? new Dictionary<string, object> { ["error"] = "invalid_client", ["error_description"] = $"the secret {_secrets["refused"]} is wrong" }
                : new Dictionary<string, object> { ["access_token"] = _secrets["token"], ["token_type"] = "Bearer", ["expires_in"] = 3600 });
            return;
        }

        string credential = http.Request.Headers.Authorization.FirstOrDefault() ?? http.Request.Headers["X-Api-Key"].FirstOrDefault() ?? "";
        X509Certificate2? shown = await http.Connection.GetClientCertificateAsync();
        _seen[http.Request.Host.Host.Split('.')[0]] = $"{credential}{shown?.Thumbprint}";

        // "Server" and "Content-Language" are among the headers whose values are recorded.
        http.Response.Headers.Server = credential;
        http.Response.Headers.ContentLanguage = credential;
        http.Response.Headers["X-Echo"] = credential;
        http.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = $"OK {credential}";
        await http.Response.WriteAsync(credential);
    }
}
