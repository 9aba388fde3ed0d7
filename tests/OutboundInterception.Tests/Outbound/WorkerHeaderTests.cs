using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using OutboundInterception.Tests.Holes;

namespace OutboundInterception.Tests.Outbound;

/// <summary>What a worker does to the headers of a request, beside those of the tenant.</summary>
[CancelAfter(60_000)]
public class WorkerHeaderTests
{
    private static readonly string[] s_platforms = ["Host", "Transfer-Encoding", "CDN-Loop"];

    [Test]
    public async Task SendAsync_WorkerSetsWhatIsThePlatforms_SentAsThePlatformHasIt(
        [ValueSource(nameof(s_platforms))] string name, [Values] bool tenantHasHeaders, [Values] bool workerRemovesOne)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = Guarded(name, "chunked", workerRemovesOne);

        await guarded.RunAsync(context => SendAsync(context, server, tenantHasHeaders));

        Assert.That(server.Heads.Single(), Does.Not.Contain("chunked").And.Contain("CDN-Loop: outbound-interception"));
    }

    [Test]
    public async Task SendAsync_WorkerAsksForAnUpgrade_Fails([Values] bool workerRemovesOne)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = Guarded("Upgrade", "websocket", workerRemovesOne);

        Exception? failure = await guarded.FailAsync(context => SendAsync(context, server, tenantHasHeaders: true));

        Assert.That(failure, Is.TypeOf<OutboundException>());
        Assert.That(server.Heads, Is.Empty);
    }

    [Test]
    public async Task SendAsync_WorkerSetsALineBreak_NothingIsSent(
        [Values("X-First", "X-Last", "Authorization", "Upgrade", "CDN-Loop")] string name, [Values] bool isWebSocket, [Values] bool workerRemovesOne)
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = Guarded(name, "websocket\r\nX-Injected: 1", workerRemovesOne);

        Exception? failure = await guarded.FailAsync(context => isWebSocket
            ? ConnectAsync(context, server)
            : SendAsync(context, server, tenantHasHeaders: true));

        Assert.That(failure, Is.TypeOf<OutboundException>());
        Assert.That(server.Heads, Is.Empty);
    }

    // Where the platform counts no loops, the header is the worker's.
    [Test]
    public async Task SendAsync_NoLoopId_WorkersCdnLoopIsSent()
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new(static builder => builder.Configure(static options => options.CdnLoopId = null))
        {
            Meanwhile = static request =>
            {
                request.Headers.TryAddWithoutValidation("CDN-Loop", "of-worker");
                return Task.CompletedTask;
            },
        };

        await guarded.RunAsync(context => SendAsync(context, server, tenantHasHeaders: true));

        Assert.That(server.Heads.Single(), Does.Contain("CDN-Loop: of-worker"));
    }

    private static GuardedTenant Guarded(string name, string value, bool removesOne) => new()
    {
        Meanwhile = request =>
        {
            if (removesOne)
            {
                request.Headers.Remove("X-First");
            }

            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
            return Task.CompletedTask;
        },
    };

    private static async Task<int> SendAsync(TenantContext context, RawServer server, bool tenantHasHeaders)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Hosts.AllowedUrl(server.Port));
        if (tenantHasHeaders)
        {
            request.Headers.TryAddWithoutValidation("X-First", "1");
            request.Headers.TryAddWithoutValidation("X-Last", "2");
        }

        using HttpResponseMessage response = await context.FetchAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task ConnectAsync(TenantContext context, RawServer server)
    {
        WebSocketConnectOptions options = new();
        options.Headers.Add(new("X-First", "1"));
        options.Headers.Add(new("X-Last", "2"));
        using WebSocket socket = await context.ConnectWebSocketAsync(new Uri($"ws://{Hosts.Allowed}:{server.Port}/"), options);
    }
}
