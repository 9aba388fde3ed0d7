using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.IdentityModel.Tokens;
using OutboundInterception.Tests;

namespace OutboundInterception.Credentials.Tests;

/// <summary>No secret comes to a tenant, a log or a debugger.</summary>
[CancelAfter(60_000)]
internal sealed class SecretTests
{
    private const string Password = "pass/word+with=<every>&\"kind\"'of%character";

    private static readonly string[] s_secrets = [Password, Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Password}"))];

    private static async Task<string> DumpAsync(HttpResponseMessage response, CancellationToken token)
    {
        string body = await response.Content.ReadAsStringAsync(token);
        return $"{(int)response.StatusCode} {response.ReasonPhrase}\n{response.Headers}{response.Content.Headers}\n{body}\n{response.TrailingHeaders}\n{response.RequestMessage}";
    }

    private static readonly TenantDelegate s_dumps = static async (_, context, token) =>
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/")
        {
            Version = context.Tenant == "h2" ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await context.FetchAsync(request, token);
        return new HttpResponseMessage { Content = new StringContent(await DumpAsync(response, token)) };
    };

    [Test]
    public async Task Echo_WorkerThatAddsTheHeaderPlainly_TenantReadsIt_M6()
    {
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(echo.Origin, s_dumps, builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Basic {s_secrets[1]}");
            return context.SendAsync(request, token);
        })));

        Assert.That(await platform.GetStringAsync(), Does.Contain(s_secrets[1]));
    }

    [Test]
    public async Task Echo_Basic_TenantReadsAsterisksInHeadersReasonAndBody_M6()
    {
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            echo.Origin, s_dumps, builder => builder.AddCredentials(Credential.Basic("user", Password), "api.example.com"));

        string dump = await platform.GetStringAsync();

        Assert.That(echo.Seen, Is.EqualTo(new[] { $"api.example.com Basic {s_secrets[1]}" }));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(dump, Does.Not.Contain(s_secrets[1][..24]));
            Assert.That(dump, Does.Match(@"200 OK Basic \*{20}").And.Match(@"X-Echo: .*Basic \*{20}").And.Match(@"""authorization"":""Basic \*{20}"));
        }
    }

    [Test]
    public async Task Echo_BasicOverHttp2_TenantReadsAsterisksInTrailersToo()
    {
        await using Echo echo = await Echo.StartAsync(protocols: HttpProtocols.Http2);
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("h2", s_dumps)
            .Route("api.example.com", echo.Origin.Url)
            .AddCredentials(Credential.Basic("user", Password), "api.example.com"));

        using HttpResponseMessage response = await platform.Namespace.Get("h2").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://h2.apps.example.com/"));
        string dump = await response.Content.ReadAsStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(dump, Does.Not.Contain(s_secrets[1][..24]));
            Assert.That(dump, Does.Match(@"x-echo: .*Basic \*{20}").And.Match(@"""authorization"":""Basic \*{20}").And.Match(@"x-trailer: Basic \*{20}"));
        }
    }

    [Test]
    public async Task Echo_PasswordInManyEncodings_TenantReadsNone()
    {
        await using Echo echo = await Echo.StartAsync(async (http, _) =>
        {
            await http.Response.WriteAsync(string.Join('\n', Encodings().Select(text => $"{text}|")));
            return true;
        });
        await using Platform platform = Platform.Create(
            echo.Origin, s_dumps, builder => builder.AddCredentials(Credential.Basic("user", Password), "api.example.com"));

        string dump = await platform.GetStringAsync();

        foreach (string encoded in Encodings())
        {
            Assert.That(dump, Does.Not.Contain(encoded));
        }

        static string[] Encodings() =>
        [
            Password, $"user:{Password}", JsonSerializer.Serialize(Password)[1..^1], Uri.EscapeDataString(Password), System.Net.WebUtility.UrlEncode(Password),
            System.Net.WebUtility.HtmlEncode(Password), Password.Replace("/", "\\/", StringComparison.Ordinal),
        ];
    }

    [Test]
    public async Task Echo_InTheLocationOfARedirect_IsNotCarriedToAnotherHost()
    {
        await using Echo echo = await Echo.StartAsync((http, number) =>
        {
            if (number == 1)
            {
                http.Response.Redirect($"https://other.example.com/?stolen={http.Request.Headers["X-Api-Key"]}");
                return Task.FromResult(true);
            }

            http.Response.Headers["X-Query"] = http.Request.QueryString.Value;
            return Task.FromResult(false);
        });
        await using Platform platform = Platform.Create(
            echo.Origin, s_dumps, builder => builder.AddCredentials(Credential.Header("X-Api-Key", "key-of-the-platform"), "api.example.com"));

        string dump = await platform.GetStringAsync();

        Assert.That(dump, Does.Contain("X-Query: ?stolen=***").And.Not.Contain("key-of-the-platform"));
    }

    [Test]
    public async Task Echo_TenantAsksForCompression_IsNotAskedForAndAnEncodedBodyIsRefused()
    {
        FakeLogCollector logs = new();
        bool asked = true;
        await using Echo echo = await Echo.StartAsync(async (http, number) =>
        {
            asked = http.Request.Headers.ContainsKey("Accept-Encoding");
            http.Response.Headers.ContentEncoding = "gzip";
            await using GZipStream gzip = new(http.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(http.Request.Headers["X-Api-Key"].ToString()));
            return true;
        });
        await using Platform platform = Platform.Create(
            echo.Origin,
            async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
                request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
                OutboundException exception = (await Assert.ThrowsAsync<OutboundException>(() => context.FetchAsync(request, token)))!;
                return new HttpResponseMessage { Content = new StringContent(exception.ToString()) };
            },
            builder =>
            {
                builder.Services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
                builder.AddCredentials(Credential.Header("X-Api-Key", "key-of-the-platform"), "api.example.com");
            });

        string told = await platform.GetStringAsync();

        Assert.That(asked, Is.False);
        Assert.That(told, Does.Not.Contain("encod").IgnoreCase);
        Assert.That(
            logs.GetSnapshot().Select(record => (record.Exception as CredentialException)?.Failure), Has.One.EqualTo(CredentialFailure.EncodedResponse));
    }

    [Test]
    public async Task Echo_TenantAsksForAPiece_TheWholeIsAskedFor()
    {
        bool asked = true;
        await using Echo echo = await Echo.StartAsync((http, _) =>
        {
            asked = http.Request.Headers.ContainsKey("Range") || http.Request.Headers.ContainsKey("If-Range");
            return Task.FromResult(false);
        });
        await using Platform platform = Platform.Create(
            echo.Origin,
            (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
                request.Headers.TryAddWithoutValidation("Range", "bytes=0-6");
                request.Headers.TryAddWithoutValidation("If-Range", "\"tag\"");
                return context.FetchAsync(request, token);
            },
            builder => builder.AddCredentials(Credential.Header("X-Api-Key", "key-of-the-platform"), "api.example.com"));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(asked, Is.False);
    }

    [Test]
    public async Task Redaction_HeadersAlone_BodyPassesAsItIs()
    {
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(echo.Origin, s_dumps, builder => builder.AddCredentials(
            Credential.Header("X-Api-Key", "key-of-the-platform"),
            binding =>
            {
                binding.Redaction = CredentialRedaction.Headers;
                binding.For(rule => rule.Hosts("api.example.com"));
            }));

        string dump = await platform.GetStringAsync();

        Assert.That(dump, Does.Match(@"X-Echo: .*X-Api-Key=\*{10}").And.Contain("\"authorization\":\"key-of-the-platform\""));
    }

    [Test]
    public async Task Trace_ToAnEchoingOrigin_IsRefusedBeforeACredentialIsAskedFor_M6()
    {
        int asked = 0;
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            echo.Origin,
            async (_, context, token) =>
            {
                await Assert.ThrowsAsync<InvalidSubrequestException>(() => context.FetchAsync(new HttpRequestMessage(HttpMethod.Trace, "https://api.example.com/"), token));
                return new HttpResponseMessage();
            },
            builder => builder.AddCredentials(
                Credential.Bearer((_, _) =>
                {
                    asked++;
                    return new("token");
                }),
                "api.example.com"));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That((asked, echo.Seen.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Logs_EverythingIsLogged_NoSecretIsAmongIt()
    {
        FakeLogCollector logs = new();
        await using TokenServer tokens = await TokenServer.StartAsync();
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(echo.Origin, s_dumps, builder =>
        {
            builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(logs)));
            builder.AddCredentials(Credential.ClientCredentials(tokens.Client()), "api.example.com");
        });

        string dump = await platform.GetStringAsync();
        string logged = string.Join('\n', logs.GetSnapshot().Select(record =>
            $"{record.Message} {record.Exception} {string.Join(' ', record.StructuredState ?? [])} {string.Join(' ', record.Scopes)}"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(dump, Does.Not.Contain(TokenServer.Token(1)));
            Assert.That(logged, Does.Not.Contain("client-secret-0123").And.Not.Contain(TokenServer.Token(1))
                .And.Not.Contain(Convert.ToBase64String("client:client-secret-0123"u8)));
            Assert.That(platform.Records.Select(record => record.ToString()), Has.None.Contains(TokenServer.Token(1)));
        }
    }

    [Test]
    public void Dumps_OfEveryKind_ShowNoSecret()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ClientCredentialsOptions client = new() { TokenEndpoint = new Uri("https://id.example.com/token"), ClientId = "id", ClientSecret = "client-secret" };
        SignedTokenOptions signed = new()
        {
            Issuer = "us",
            Audience = "them",
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        };
        object[] all = [client, signed, Credential.Basic("user", "client-secret"), Credential.Header("X-Key", "client-secret"), Credential.ClientCredentials(client), Credential.SignedToken(signed)];

        using (Assert.EnterMultipleScope())
        {
            foreach (object value in all)
            {
                Assert.That(value.ToString(), Does.Not.Contain("client-secret"));
                Assert.That(JsonSerializer.Serialize(value, value.GetType()), Does.Not.Contain("client-secret"));
                Assert.That(value.GetType().GetCustomAttribute<DebuggerDisplayAttribute>(inherit: true)?.Value, Is.EqualTo("{ToString(),nq}"));
            }

            foreach (PropertyInfo property in new[] { typeof(ClientCredentialsOptions).GetProperty("ClientSecret")!, typeof(SignedTokenOptions).GetProperty("SigningCredentials")! })
            {
                Assert.That(property.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State, Is.EqualTo(DebuggerBrowsableState.Never));
            }
        }
    }
}
