using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests;

namespace OutboundInterception.Credentials.Tests;

[CancelAfter(60_000)]
internal sealed class ClientCredentialTests
{
    private readonly FakeTimeProvider _time = new();

    private static TenantDelegate Sends(int count, Func<HttpContent?>? content = null) => async (_, context, token) =>
    {
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            HttpRequestMessage request = new(content is null ? HttpMethod.Get : HttpMethod.Post, "https://api.example.com/") { Content = content?.Invoke() };
            using HttpResponseMessage response = await context.FetchAsync(request, token);
            return response.StatusCode;
        }));
        return new HttpResponseMessage { Content = new StringContent(string.Join(' ', answers.Select(static answer => (int)answer).Distinct())) };
    };

    private static string Bearer(int number) => $"api.example.com Bearer {TokenServer.Token(number)}";

    private Platform Create(Echo echo, TenantDelegate tenant, ClientCredentialsOptions client) => Platform.Create(echo.Origin, tenant, builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Configure(options => options.Limits.ConcurrentSubrequests = 200).AddCredentials(Credential.ClientCredentials(client), "api.example.com");
    });

    // An API that accepts the tokens from one number on.
    private static Task<Echo> StartApiAsync(Func<int> from) => Echo.StartAsync(async (http, _) =>
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        string token = http.Request.Headers.Authorization.ToString();
        bool isAccepted = Enumerable.Range(from(), 50).Any(number => token == $"Bearer {TokenServer.Token(number)}");
        http.Response.StatusCode = isAccepted ? 200 : 401;
        return true;
    });

    [Test]
    public async Task Fetch_AHundredAtOnce_OneTokenRequest()
    {
        await using TokenServer tokens = await TokenServer.StartAsync(isOpen: false);
        await using Echo echo = await StartApiAsync(() => 1);
        await using Platform platform = Create(echo, Sends(100), tokens.Client(resource: "urn:api"));

        Task<string> answer = platform.GetStringAsync();
        await tokens.Asked.Task;
        tokens.Open.SetResult();

        Assert.That(await answer, Is.EqualTo("200"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokens.Requests, Is.EqualTo(1));
            Assert.That(tokens.Clients, Is.EqualTo(new[] { "client:client-secret-0123" }));
            Assert.That(tokens.Bodies, Has.One.EqualTo("resource=urn%3Aapi&grant_type=client_credentials").Or.One.EqualTo("grant_type=client_credentials&resource=urn%3Aapi"));
            Assert.That(echo.Seen, Has.Count.EqualTo(100).And.All.EqualTo(Bearer(1)));
        }
    }

    [Test]
    public async Task Fetch_TokenNearItsEnd_IsAskedForAgainAndNotBefore()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        await using Echo echo = await StartApiAsync(() => 1);
        await using Platform platform = Create(echo, Sends(1), tokens.Client());

        await platform.GetStringAsync();
        _time.Advance(TimeSpan.FromMinutes(59) - TimeSpan.FromTicks(1));
        await platform.GetStringAsync();
        _time.Advance(TimeSpan.FromTicks(1));
        await platform.GetStringAsync();

        Assert.That(echo.Seen, Is.EqualTo(new[] { Bearer(1), Bearer(1), Bearer(2) }));
    }

    [Test]
    public async Task Fetch_AHundredGetA401AtOnce_OneRefreshAndEachIsSentOnceMore()
    {
        int from = 1;
        await using TokenServer tokens = await TokenServer.StartAsync();
        await using Echo echo = await StartApiAsync(() => from);
        await using Platform platform = Create(echo, Sends(100, () => new StringContent("body")), tokens.Client());
        await platform.GetStringAsync();
        from = 2;

        string answer = await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo("200"));
            Assert.That(tokens.Requests, Is.EqualTo(2));
            Assert.That(echo.Seen.Count(seen => seen == Bearer(2)), Is.EqualTo(100));
        }
    }

    [Test]
    public async Task Fetch_BodyIsTooLongToKeep_TenantGetsThe401AndTheNextRequestANewToken()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        await using Echo echo = await StartApiAsync(() => 2);
        await using Platform platform = Create(echo, Sends(1, () => new ByteArrayContent(new byte[100_000])), tokens.Client());

        string first = await platform.GetStringAsync();
        string second = await platform.GetStringAsync();

        Assert.That((first, second), Is.EqualTo(("401", "200")));
        Assert.That(echo.Seen, Is.EqualTo(new[] { Bearer(1), Bearer(2) }));
    }

    [Test]
    public async Task Fetch_OriginRefusesEveryToken_IsAskedOnceMoreAndTheEndpointNotAtATenantsWill()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        await using Echo echo = await StartApiAsync(() => 1000);
        await using Platform platform = Create(echo, Sends(1), tokens.Client());

        for (int request = 0; request < 5; request++)
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("401"));
        }

        Assert.That((tokens.Requests, echo.Seen.Count), Is.EqualTo((2, 6)));
        _time.Advance(TimeSpan.FromSeconds(10));
        await platform.GetStringAsync();
        Assert.That((tokens.Requests, echo.Seen.Count), Is.EqualTo((3, 8)));
    }

    [Test]
    public async Task Fetch_TwoTenants_EachHasATokenAndAClientOfItsOwn()
    {
        OutboundParameter<string> customer = new("customer");
        await using TokenServer tokens = await TokenServer.StartAsync();
        await using Echo echo = await StartApiAsync(() => 1);
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("one", Sends(10))
            .AddTenant("two", Sends(10))
            .Route("api.example.com", echo.Origin.Url)
            .AddOutboundParameters(customer)
            .AddCredentials(Credential.ClientCredentials(context => tokens.Client(context.Outbound.Get(customer))), "api.example.com"));

        foreach (string name in new[] { "one", "two", "one", "two" })
        {
            using HttpResponseMessage response = await platform.Namespace.Get(name, new DispatchOptions().With(customer, $"client-{name}"))
                .FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("200"));
        }

        Assert.That(tokens.Clients, Is.EqualTo(new[] { "client-one:client-secret-0123", "client-two:client-secret-0123" }));
        Assert.That(echo.Seen.Distinct(), Is.EqualTo(new[] { Bearer(1), Bearer(2) }));
    }

    [Test]
    public async Task Fetch_TwoTenantsTwoResources_EachHasATokenUntilItRunsOut()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        await using Echo echo = await Echo.StartAsync();
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("one", AsksBothAsync)
                .AddTenant("two", AsksBothAsync)
                .Route("a.example.com", echo.Origin.Url)
                .Route("b.example.com", echo.Origin.Url)
                .AddCredentials(
                    Credential.ClientCredentials(context => tokens.Client($"client-{context.Outbound.Tenant}", resource: $"urn:{context.Uri.Host}")),
                    "a.example.com",
                    "b.example.com"),
            services => services.AddSingleton<TimeProvider>(_time));

        // Each twice, then again when all have run out.
        foreach (string tenant in new[] { "one", "two", "one", "two" })
        {
            await FetchAsync(tenant);
        }

        _time.Advance(TimeSpan.FromHours(2));
        await FetchAsync("two");
        await FetchAsync("one");

        string[] before = [For("a", 1), For("b", 2), For("a", 3), For("b", 4)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokens.Requests, Is.EqualTo(8));
            Assert.That(echo.Seen, Is.EqualTo((string[])[.. before, .. before, For("a", 5), For("b", 6), For("a", 7), For("b", 8)]));
            Assert.That(tokens.Clients.Select(static client => client.Split(':')[0]), Is.EqualTo(new[]
            {
                "client-one", "client-one", "client-two", "client-two", "client-two", "client-two", "client-one", "client-one",
            }));
            Assert.That(tokens.Bodies.Select(static body => body.Contains("urn%3Aa.") ? "a" : "b"), Is.EqualTo(new[] { "a", "b", "a", "b", "a", "b", "a", "b" }));
        }

        static string For(string host, int number) => $"{host}.example.com Bearer {TokenServer.Token(number)}";

        static async Task<HttpResponseMessage> AsksBothAsync(HttpRequestMessage request, TenantContext context, CancellationToken token)
        {
            (await context.Http.GetAsync("https://a.example.com/", token)).Dispose();
            (await context.Http.GetAsync("https://b.example.com/", token)).Dispose();
            return new HttpResponseMessage();
        }

        async Task FetchAsync(string tenant) => (await platform.Namespace.Get(tenant)
            .FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"))).Dispose();
    }

    [Test]
    public async Task Fetch_FirstCallerGivesUp_TheOthersGetTheToken()
    {
        await using TokenServer tokens = await TokenServer.StartAsync(isOpen: false);
        await using Echo echo = await StartApiAsync(() => 1);
        await using Platform platform = Create(echo, Sends(1), tokens.Client());
        using CancellationTokenSource impatient = new();

        Task<HttpResponseMessage> first = platform.FetchAsync(cancellationToken: impatient.Token);
        await tokens.Asked.Task;
        Task<string> second = platform.GetStringAsync();
        await impatient.CancelAsync();
        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());
        tokens.Open.SetResult();

        Assert.That(await second, Is.EqualTo("200"));
        Assert.That(tokens.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Cache_TenantsComeAndGo_ForgetsTokensThatHaveRunOut()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        ServiceCollection services = new();
        services.AddHttpClient();
        await using ServiceProvider provider = services.BuildServiceProvider();
        TokenCache cache = new(new TokenClient(provider.GetRequiredService<IHttpClientFactory>(), _time), _time);
        ClientCredentialsOptions client = tokens.Client();

        await cache.Get(new TokenKey("namespace", "gone", client)).GetAsync(client, null, default);
        _time.Advance(TimeSpan.FromMinutes(30));
        await cache.Get(new TokenKey("namespace", "still-here", client)).GetAsync(client, null, default);
        _time.Advance(TimeSpan.FromMinutes(31));
        await cache.Get(new TokenKey("namespace", "new", client)).GetAsync(client, null, default);

        Assert.That(cache.Count, Is.EqualTo(2));
    }
}
