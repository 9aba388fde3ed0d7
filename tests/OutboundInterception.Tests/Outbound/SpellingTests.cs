using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using OutboundInterception.Tests.Holes;

namespace OutboundInterception.Tests.Outbound;

/// <summary>The same header, host, path or method, spelled so that a server takes it for what a rule or a worker did not see.</summary>
[CancelAfter(60_000)]
public class SpellingTests
{
    // A server that hands headers on in environment variables makes '_' of some or all that is no letter or digit.
    private static readonly string[] s_keys = ["X-Api-Key", "x-api-key", "X_Api_Key", "X-Api_Key", "X.Api.Key", "X~Api-Key", "X!Api!Key", "X'Api`Key"];

    private static IEnumerable<TestCaseData> Keys =>
        from tenants in s_keys from workers in new[] { "X-Api-Key", "X_Api_Key" } select new TestCaseData(tenants, workers);

    [TestCaseSource(nameof(Keys))]
    public async Task SendAsync_WorkerSetsAHeader_NoSpellingOfItComesFromTheTenant(string tenants, string workers)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new()
        {
            Meanwhile = request =>
            {
                request.Headers.TryAddWithoutValidation(workers, "of-worker");
                return Task.CompletedTask;
            },
        };

        await guarded.RunAsync(context => SendAsync(context, Hosts.AllowedUrl(server.Port), tenants));

        Assert.That(server.Heads.Single(), Does.Contain("of-worker").And.Not.Contain("of-tenant"));
    }

    // As many as the limit of their length lets in. Each compared with each, they would hold a thread for minutes.
    [Test]
    public async Task SendAsync_ThousandsOfOddlySpelledHeaders_TakeNoTimeOfTheirSquare([Values] bool workerAdds)
    {
        string[] names = [.. Enumerable.Range(0, 12_000).Select(static number => $"_{number:x}")];
        await using Platform platform = Platform.Create(builder => builder
            .ConfigureEgress(static egress => egress.AddHttpMessageHandler(static () => new Answering()))
            .AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                if (workerAdds)
                {
                    request.Headers.TryAddWithoutValidation(names[0], "of-worker");
                }

                return context.SendAsync(request, token);
            }))
            .AddTenant("tenant", async (_, context, token) =>
            {
                using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
                foreach (string name in names)
                {
                    request.Headers.TryAddWithoutValidation(name, "1");
                }

                long start = System.Diagnostics.Stopwatch.GetTimestamp();
                using HttpResponseMessage response = await context.FetchAsync(request, token);
                Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(5)));
                return new HttpResponseMessage();
            }));

        (await platform.FetchAsync()).Dispose();
    }

    [Test]
    public async Task SendAsync_RuleDeniesAHeader_NoSpellingOfItPasses([ValueSource(nameof(s_keys))] string spelled, [Values] bool isDashed)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new(builder => builder.ConfigurePolicy(policy => _ = isDashed
            ? policy.Deny(static rule => rule.DeniedHeaders("X-Api-Key"))
            : policy.Deny(static rule => rule.Hosts(Hosts.Allowed).DeniedHeaders("x_api_key"))));

        Exception? failure = await guarded.FailAsync(context => SendAsync(context, Hosts.AllowedUrl(server.Port), spelled));

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>());
        Assert.That(server.Heads, Is.Empty);
    }

    [TestCase("X.Forwarded.For")]
    [TestCase("X~Real~IP")]
    [TestCase("X!HTTP!Method!Override")]
    [TestCase("Transfer.Encoding")]
    [TestCase("Content~Length")]
    [TestCase("Proxy.Authorization")]
    public async Task SendAsync_HeaderThatDoesNotGoOn_InNoSpelling(string name)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new();

        await guarded.RunAsync(context => SendAsync(context, Hosts.AllowedUrl(server.Port), name));

        Assert.That(server.Heads.Single(), Does.Not.Contain("of-tenant"));
    }

    [TestCase("denied.test..")]
    [TestCase("denied..test")]
    [TestCase(".denied.test")]
    [TestCase("a..denied.test")]
    [TestCase("denied.test%2e")]
    [TestCase("%64enied.test")]
    [TestCase("DENIED.TEST.")]
    [TestCase("denied\u3002test")]
    [TestCase("den\u00ADied.test")]
    [TestCase("\u24D3enied.test")]
    public async Task SendAsync_EverythingButOneHostIsOpen_NoSpellingReachesIt(string host)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new(builder => builder.ConfigurePolicy(
            static policy => policy.Allow(static rule => rule.Hosts("**")).DenyHosts("denied.test", "*.denied.test")));

        Exception? failure = await guarded.FailAsync(async context => await context.Http.GetAsync($"http://{host}:{server.Port}/"));

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>().Or.TypeOf<InvalidSubrequestException>().Or.TypeOf<UriFormatException>().Or.TypeOf<InvalidOperationException>(), failure?.ToString());
        Assert.That(guarded.Resolved, Is.Empty);
        Assert.That(server.Heads, Is.Empty);
    }

    [TestCase("/public/..%2fadmin")]
    [TestCase("/public/%2e%2e/admin")]
    [TestCase("/public/..;/admin")]
    [TestCase("/public/..;x=1/admin")]
    [TestCase("/public/%2e%2e%3b/admin")]
    [TestCase("/public/..%5cadmin")]
    [TestCase("/public/..\\admin")]
    [TestCase("/public/%252e%252e/admin")]
    [TestCase("/public/%c0%ae%c0%ae/admin")]
    [TestCase("//admin")]
    [TestCase("/public/..%00/admin")]
    [TestCase("/public/.%09./admin")]
    [TestCase("/public;/../admin")]
    [TestCase("/public%2f../admin")]
    public async Task SendAsync_OnlyOnePathIsAllowed_NoSpellingLeavesIt(string path)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new(static builder => builder.ConfigurePolicy(
            static policy => policy.DenyHosts(Hosts.Internal).Deny(static rule => rule.PathPrefixes("/admin"))));

        Exception? failure = await guarded.FailAsync(async context => await context.Http.GetAsync(Hosts.AllowedUrl(server.Port, path)));

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>(), failure?.ToString());
        Assert.That(server.Heads, Is.Empty);
    }

    [TestCase("connect")]
    [TestCase("Trace")]
    [TestCase("tRaCk")]
    [TestCase("PRI")]
    [TestCase("DEBUG")]
    public async Task SendAsync_MethodInAnotherCase_Refused(string method)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new();

        Exception? failure = await guarded.FailAsync(
            async context => await context.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), Hosts.AllowedUrl(server.Port))));

        Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Method));
        Assert.That(server.Heads, Is.Empty);
    }

    [TestCase("X-A", "1\r\nX-Evil: 1")]
    [TestCase("X-A\r\nX-Evil", "1")]
    [TestCase("Sec-WebSocket-Key\t", "1")]
    [TestCase("Connection", "X-Evil")]
    [TestCase("Transfer_Encoding", "X-Evil")]
    public async Task ConnectWebSocketAsync_HeaderOfTheHandshake_AddsNoLine(string name, string value)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new();

        await guarded.FailAsync(context => context.ConnectWebSocketAsync(
            new Uri(Hosts.AllowedUrl(server.Port)), new WebSocketConnectOptions { Headers = { [name] = value } }));

        Assert.That(server.Heads, Has.None.Contains("X-Evil"));
    }

    [TestCase("a\r\nX-Evil: 1")]
    [TestCase("a, b")]
    [TestCase("\u0661")]
    public async Task ConnectWebSocketAsync_SubprotocolThatIsNoToken_NothingIsSent(string protocol)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new();

        Exception? failure = await guarded.FailAsync(context => context.ConnectWebSocketAsync(
            new Uri(Hosts.AllowedUrl(server.Port)), new WebSocketConnectOptions { SubProtocols = { protocol } }));

        Assert.That(failure, Is.Not.Null.And.Not.TypeOf<WebSocketException>());
        Assert.That(server.Heads, Is.Empty);
    }

    private static async Task<System.Net.HttpStatusCode> SendAsync(TenantContext context, string url, string header)
    {
        HttpRequestMessage request = new(HttpMethod.Get, url);
        Assert.That(request.Headers.TryAddWithoutValidation(header, "of-tenant"), Is.True);
        using HttpResponseMessage response = await context.Http.SendAsync(request);
        return response.StatusCode;
    }

    private sealed class Answering : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }
}
