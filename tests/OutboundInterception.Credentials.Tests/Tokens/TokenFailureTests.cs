using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests;

namespace OutboundInterception.Credentials.Tests;

/// <summary>The host's log says what is wrong with a token endpoint; the tenant learns only that it failed.</summary>
[CancelAfter(60_000)]
internal sealed class TokenFailureTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _logs = new();

    [TestCase(400, """{"error":"invalid_client","error_description":"client-secret-0123 is wrong"}""", CredentialFailure.Refused, "invalid_client")]
    [TestCase(400, """{"error":"client-secret 0123\r\n"}""", CredentialFailure.Refused, null)]
    [TestCase(500, "<html>client-secret-0123</html>", CredentialFailure.Refused, null)]
    [TestCase(302, "", CredentialFailure.Refused, null)]
    [TestCase(200, "", CredentialFailure.InvalidResponse, null)]
    [TestCase(200, "<html>client-secret-0123</html>", CredentialFailure.InvalidResponse, null)]
    [TestCase(200, "[]", CredentialFailure.InvalidResponse, null)]
    [TestCase(200, "{}", CredentialFailure.InvalidResponse, null)]
    [TestCase(200, """{"access_token":""}""", CredentialFailure.InvalidResponse, null)]
    [TestCase(200, """{"access_token":7}""", CredentialFailure.InvalidResponse, null)]
    [TestCase(200, """{"access_token":"a\r\nX-Injected: b"}""", CredentialFailure.InvalidResponse, null)]
    [TestCase(200, """{"access_token":"abc","token_type":"mac"}""", CredentialFailure.InvalidResponse, null)]
    public async Task Fetch_EndpointAnswersWrongly_IsTypedForTheHostAndOpaqueForTheTenant(int status, string body, CredentialFailure failure, string? error)
    {
        await using TokenServer tokens = await TokenServer.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return http.Response.WriteAsync(body);
        });

        CredentialException exception = await FailAsync(tokens.Client());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Failure, Is.EqualTo(failure));
            Assert.That(exception.OAuthError, Is.EqualTo(error));
            Assert.That(exception.ToString(), Does.Not.Contain("client-secret"));
            Assert.That(tokens.Requests, Is.EqualTo(1), "a redirect was followed");
        }
    }

    [Test]
    public async Task Fetch_EndpointAnswersWithoutEnd_IsCutOff()
    {
        await using TokenServer tokens = await TokenServer.StartAsync(async http =>
        {
            byte[] piece = new byte[16 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
            }
        });

        Assert.That((await FailAsync(tokens.Client())).Failure, Is.EqualTo(CredentialFailure.InvalidResponse));
    }

    [Test]
    public async Task Fetch_EndpointHangs_EndsAtTheTimeoutAndTheNextRequestAsksAgain()
    {
        await using TokenServer tokens = await TokenServer.StartAsync(isOpen: false);
        Task<CredentialException> failing = FailAsync(tokens.Client());
        await tokens.Asked.Task;

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That((await failing).Failure, Is.EqualTo(CredentialFailure.Timeout));
    }

    [Test]
    public async Task Fetch_NobodyListens_IsUnreachable()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        ClientCredentialsOptions client = tokens.Client();
        await tokens.DisposeAsync();

        Assert.That((await FailAsync(client)).Failure, Is.EqualTo(CredentialFailure.Unreachable));
    }

    [Test]
    public async Task Fetch_EndpointFailsOnce_TheNextRequestGetsAToken()
    {
        int answers = 0;
        await using TokenServer tokens = await TokenServer.StartAsync(http =>
        {
            http.Response.StatusCode = answers++ == 0 ? 503 : 200;
            return http.Response.WriteAsJsonAsync(new { access_token = TokenServer.Token(1) });
        });
        await using Echo echo = await Echo.StartAsync();
        List<bool> failed = [];
        await using Platform platform = Create(echo, tokens.Client(), exception => failed.Add(exception is not null));

        using HttpResponseMessage first = await platform.FetchAsync();
        using HttpResponseMessage second = await platform.FetchAsync();

        Assert.That(failed, Is.EqualTo(new[] { true, false }));
    }

    [TestCase("http://id.example.com/token", "https")]
    [TestCase("/token", "https")]
    [TestCase("https://user:pw@id.example.com/token", "user name or password")]
    public void ClientCredentials_EndpointWouldShowTheSecret_IsRefused(string endpoint, string message)
    {
        ClientCredentialsOptions client = new() { TokenEndpoint = new Uri(endpoint, UriKind.RelativeOrAbsolute), ClientId = "id" };

        Assert.That(() => Credential.ClientCredentials(client), Throws.ArgumentException.With.Message.Contains(message));
    }

    private async Task<CredentialException> FailAsync(ClientCredentialsOptions client)
    {
        Exception? told = null;
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Create(echo, client, exception => told = exception);

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(told, Is.TypeOf<OutboundException>().With.InnerException.Null);
        Assert.That(told!.Message, Does.StartWith("The platform could not handle this request."));
        Assert.That(echo.Seen, Is.Empty);
        return _logs.GetSnapshot().Select(record => record.Exception).OfType<CredentialException>().Single();
    }

    private Platform Create(Echo echo, ClientCredentialsOptions client, Action<Exception?> tell) => Platform.Create(
        echo.Origin,
        async (_, context, token) =>
        {
            try
            {
                using HttpResponseMessage response = await context.Http.GetAsync("https://api.example.com/", token);
                tell(null);
            }
            catch (HttpRequestException exception)
            {
                tell(exception);
            }

            return new HttpResponseMessage();
        },
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_logs)));
            builder.AddCredentials(Credential.ClientCredentials(client), "api.example.com");
        });
}
