using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using OutboundInterception.Tests;

namespace OutboundInterception.Credentials.Tests;

[CancelAfter(60_000)]
internal sealed class CredentialBindingTests
{
    private const string Secret = "of-the-platform-0123456789";

    private static readonly Credential s_key = Credential.Header("X-Api-Key", Secret);

    private static TenantDelegate Gets(params string[] urls) => async (_, context, token) =>
    {
        foreach (string url in urls)
        {
            using HttpResponseMessage response = await context.Http.GetAsync(url, token);
        }

        return new HttpResponseMessage();
    };

    [Test]
    public async Task AddCredentials_SeveralHosts_OnlyTheBoundGetIt()
    {
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            echo.Origin,
            Gets("https://api.example.com/", "https://other.example.com/", "http://api.example.com/"),
            builder => builder.AddCredentials(s_key, "api.example.com"));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(echo.Seen, Is.EqualTo(new[] { $"api.example.com {Secret}", "other.example.com none", "api.example.com none" }));
    }

    [Test]
    public async Task AddCredentials_BoundByPathMethodSchemeAndTenant_OnlyWhatMeetsAllGetsIt()
    {
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            echo.Origin,
            Gets("http://api.example.com/v1/orders", "http://api.example.com/v10", "http://api.example.com/v1/%2e%2e/v2"),
            builder => builder
                .AddCredentials(s_key, binding => binding.For(rule => rule.Hosts("*.example.com").Schemes("http").PathPrefixes("/v1").Methods("GET")))
                .AddCredentials(Credential.Header("Authorization", "for-another-tenant"), binding =>
                {
                    binding.Tenant = "another";
                    binding.For(rule => rule.Hosts("api.example.com").Schemes("http"));
                }));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(echo.Seen, Is.EqualTo(new[] { $"api.example.com {Secret}", "api.example.com none", "api.example.com none" }));
    }

    [Test]
    public async Task AddCredentials_HopLeavesTheHosts_IsDroppedAndComesWithTheHopBack()
    {
        await using Echo echo = await Echo.StartAsync((http, number) =>
        {
            if (number > 2)
            {
                return Task.FromResult(false);
            }

            http.Response.Redirect(number == 1 ? "https://other.example.com/" : "https://api.example.com/");
            return Task.FromResult(true);
        });
        await using Platform platform = Platform.Create(
            echo.Origin, Gets("https://api.example.com/"), builder => builder.AddCredentials(s_key, "api.example.com"));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(echo.Seen, Is.EqualTo(new[] { $"api.example.com {Secret}", "other.example.com none", $"api.example.com {Secret}" }));
    }

    [Test]
    public async Task AddCredentials_TenantSendsTheSameHeader_IsReplaced()
    {
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            echo.Origin,
            async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "of-the-tenant");
                return await context.FetchAsync(request, token);
            },
            builder => builder.AddCredentials(Credential.Basic("user", "password"), "api.example.com"));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(echo.Seen, Is.EqualTo(new[] { "api.example.com Basic dXNlcjpwYXNzd29yZA==" }));
    }

    [Test]
    public async Task AddCredentials_WorkerAddedLaterLooksAndMovesTheRequest_NeitherSeesNorMovesTheSecret()
    {
        await using Echo echo = await Echo.StartAsync();
        List<bool> seen = [];
        await using Platform platform = Platform.Create(echo.Origin, Gets("https://api.example.com/"), builder => builder
            .AddCredentials(s_key, "api.example.com")
            .AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                seen.Add(request.Headers.Contains("X-Api-Key"));
                request.RequestUri = new Uri("https://other.example.com/");
                return context.SendAsync(request, token);
            })));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(seen, Is.EqualTo(new[] { false }));
        Assert.That(echo.Seen, Is.EqualTo(new[] { "other.example.com none" }));
    }

    [Test]
    public async Task AddCredentials_WebSocket_HandshakeCarriesItAndTheSocketWorks()
    {
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            echo.Origin,
            async (_, context, token) =>
            {
                using WebSocket socket = await context.ConnectWebSocketAsync(new Uri("wss://api.example.com/"), cancellationToken: token);
                WebSocketReceiveResult closed = await socket.ReceiveAsync(new byte[16], token);
                return new HttpResponseMessage { Content = new StringContent(closed.CloseStatusDescription!) };
            },
            builder => builder.AddCredentials(s_key, "api.example.com"));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("bye"));
        Assert.That(echo.Seen, Is.EqualTo(new[] { $"api.example.com {Secret}" }));
    }

    [Test]
    public async Task Bearer_DelegateReadsParameterAndGivesAnotherAfterA401_IsSentOnceMore()
    {
        OutboundParameter<string> customer = new("customer");
        await using Echo echo = await Echo.StartAsync((http, number) =>
        {
            http.Response.StatusCode = number == 1 ? 401 : 200;
            return Task.FromResult(number == 1);
        });
        await using Platform platform = Platform.Create(echo.Origin, Gets("https://api.example.com/"), builder => builder
            .AddOutboundParameters(customer)
            .AddCredentials(
                Credential.Bearer((context, _) => new($"{context.Outbound.Get(customer)}-{(context.WasRejected ? "new" : "old")}")),
                "api.example.com"));

        using HttpResponseMessage response = await platform.FetchAsync(new DispatchOptions().With(customer, "acme"));

        Assert.That(echo.Seen, Is.EqualTo(new[] { "api.example.com Bearer acme-old", "api.example.com Bearer acme-new" }));
    }

    [TestCase(null)]
    [TestCase("same")]
    public async Task Bearer_DelegateHasNoOther_TenantGetsThe401(string? second)
    {
        await using Echo echo = await Echo.StartAsync((http, _) =>
        {
            http.Response.StatusCode = 401;
            return Task.FromResult(true);
        });
        HttpStatusCode status = default;
        await using Platform platform = Platform.Create(
            echo.Origin,
            async (_, context, token) =>
            {
                using HttpResponseMessage response = await context.Http.GetAsync("https://api.example.com/", token);
                status = response.StatusCode;
                return new HttpResponseMessage();
            },
            builder => builder.AddCredentials(Credential.Bearer((context, _) => new(context.WasRejected ? second : "same")), "api.example.com"));

        using HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(echo.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public void AddCredentials_NoHostOrEveryHostOrAWrongOne_IsRefusedAtOnce()
    {
        IDispatchNamespaceBuilder builder = new ServiceCollection().AddDispatchNamespace("test");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => builder.AddCredentials(s_key), Throws.ArgumentException.With.Message.Contains("bound to no host"));
            Assert.That(() => builder.AddCredentials(s_key, "**"), Throws.ArgumentException.With.Message.Contains("every host"));
            Assert.That(() => builder.AddCredentials(s_key, "https://api.example.com"), Throws.TypeOf<PolicyValidationException>());
            Assert.That(() => Credential.Header("Host", Secret), Throws.ArgumentException.With.Message.Contains("'Host'"));
            Assert.That(() => Credential.Header("X-Key", $"{Secret}\r\nX: y"), Throws.ArgumentException.With.Message.Not.Contains(Secret));
            Assert.That(() => Credential.Basic("a:b", Secret), Throws.ArgumentException.With.Message.Contains("colon"));
        }
    }
}
