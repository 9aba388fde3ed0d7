using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Dispatch;

[CancelAfter(60_000)]
public class LifetimeTests
{
    private static HttpRequestMessage Request => new(HttpMethod.Get, "https://tenant.apps.example.com/");

    private static Task<HttpResponseMessage> Text(string text) => Task.FromResult(new HttpResponseMessage { Content = new StringContent(text) });

    [Test]
    public async Task DisposeAsync_BackgroundWorkDoesNotEnd_CancelledWhenTheTimeIsOver()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource cancelled = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("a", (_, context, _) =>
                {
                    context.WaitUntil(async token =>
                    {
                        token.Register(cancelled.SetResult);
                        await cancelled.Task;
                    });
                    return Text("ok");
                })
                .Configure(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5))
                .Configure(options => options.Limits.WaitUntil = Timeout.InfiniteTimeSpan),
            services => services.AddSingleton<TimeProvider>(time));
        using (HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request))
        {
            await response.Content.ReadAsStringAsync();
        }

        Task disposed = platform.Namespace.DisposeAsync().AsTask();
        Assert.That(cancelled.Task.IsCompleted, Is.False);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => platform.Namespace.Get("a").FetchAsync(Request));
        time.Advance(TimeSpan.FromSeconds(6));

        await cancelled.Task;
        await disposed;
    }

    [Test]
    public async Task WaitUntil_DrainLimitPasses_WorkIsCancelled()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource cancelled = new();
        await using Platform platform = Platform.Create(
            builder => builder.AddTenant("a", (_, context, _) =>
            {
                context.WaitUntil(async token =>
                {
                    token.Register(cancelled.SetResult);
                    await cancelled.Task;
                });
                return Text("ok");
            }),
            services => services.AddSingleton<TimeProvider>(time));
        using (HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request))
        {
            await response.Content.ReadAsStringAsync();
        }

        time.Advance(TimeSpan.FromSeconds(31));

        await cancelled.Task;
    }

    [Test]
    public async Task WaitUntil_SubrequestsInside_GoOutAfterTheResponseToo()
    {
        TaskCompletionSource release = new();
        TaskCompletionSource<string> second = new();
        await using Origin origin = await Origin.StartAsync(http => http.Response.WriteAsync("origin"));
        await using Platform platform = Platform.Create(origin, (_, context, _) =>
        {
            HttpClient http = context.Http;
            context.WaitUntil(async token =>
            {
                await release.Task;
                second.SetResult(await http.GetStringAsync("https://api.example.com/", token));
            });
            return Text("ok");
        });

        await platform.GetStringAsync();
        release.SetResult();

        Assert.That(await second.Task, Is.EqualTo("origin"));
    }

    [Test]
    public async Task Tenants_ReplacedHandlerIsDisposable_DisposedWhenItsLastDispatchEnds()
    {
        Probe probe = new();
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", _ => probe));
        Task<HttpResponseMessage> running = platform.Namespace.Get("a").FetchAsync(Request);

        platform.Namespace.Tenants.Set("a", (_, _, _) => Text("new"));
        bool early = probe.Disposed.Task.IsCompleted;
        probe.Release.SetResult();
        (await running).Dispose();

        await probe.Disposed.Task;
        Assert.That(early, Is.False);
    }

    [Test]
    public async Task Dispatch_FromAWorker_AnotherTenantAnswers()
    {
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("a", (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token))
            .AddTenant("b", (request, _, _) => Text($"b got {request.RequestUri}"))
            .AddOutboundWorker(_ => new DelegateWorker((request, context, token) => context.Dispatch("b").FetchAsync(request, token)))
            .Configure(options => options.NestedDispatch = _ => null));

        using HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("b got https://api.example.com/"));
    }

    [Test]
    public async Task FetchAsync_RequestCameThroughHereSixteenTimes_Refused()
    {
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", (_, _, _) => Text("ok")));
        HttpRequestMessage request = Request;
        request.Headers.Add("CDN-Loop", string.Join(", ", Enumerable.Repeat("outbound-interception; a=b", 16)) + ", other");

        DispatchLimitException caught = (await Assert.ThrowsAsync<DispatchLimitException>(() => platform.Namespace.Get("a").FetchAsync(request)))!;

        Assert.That(caught.Limit, Is.EqualTo(DispatchLimit.Depth));
    }

    [Test]
    public async Task FetchAsync_OverHttp2_BothBodiesStreamAtOnce()
    {
        await using Origin origin = await Origin.StartAsync(
            async http =>
            {
                await http.Response.Body.FlushAsync();
                byte[] buffer = new byte[100];
                int count;
                while ((count = await http.Request.Body.ReadAsync(buffer)) > 0)
                {
                    await http.Response.Body.WriteAsync(buffer.AsMemory(0, count));
                    await http.Response.Body.FlushAsync();
                }

                http.Response.AppendTrailer("x-done", "yes");
            },
            HttpProtocols.Http2);
        string? trailer = null;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            System.IO.Pipelines.Pipe pipe = new();
            HttpRequestMessage request = new(HttpMethod.Post, "https://api.example.com/")
            {
                Version = System.Net.HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StreamContent(pipe.Reader.AsStream()),
            };
            using HttpResponseMessage response = await context.FetchAsync(request, token);
            await pipe.Writer.WriteAsync("one\n"u8.ToArray(), token);
            using StreamReader reader = new(await response.Content.ReadAsStreamAsync(token));
            string? first = await reader.ReadLineAsync(token);
            await pipe.Writer.WriteAsync("two\n"u8.ToArray(), token);
            await pipe.Writer.CompleteAsync();
            string rest = await reader.ReadToEndAsync(token);
            trailer = response.TrailingHeaders.GetValues("x-done").Single();
            return new HttpResponseMessage { Content = new StringContent($"{first},{rest.Trim()}") };
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("one,two"));
        Assert.That(trailer, Is.EqualTo("yes"));
    }

    [Test]
    public async Task WaitUntil_WebSocketOpenedInTheForeground_LivesOn(CancellationToken cancellationToken)
    {
        TaskCompletionSource sent = new();
        TaskCompletionSource<string> echoed = new();
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[16];
            WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), cancellationToken);
            await socket.SendAsync(buffer.AsMemory(0, result.Count), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        });
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            WebSocket socket = await context.ConnectWebSocketAsync(new Uri("wss://api.example.com/"), cancellationToken: token);
            context.WaitUntil(async work =>
            {
                using (socket)
                {
                    await sent.Task;
                    await socket.SendAsync("late"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, work);
                    byte[] buffer = new byte[16];
                    WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), work);
                    echoed.SetResult(System.Text.Encoding.UTF8.GetString(buffer, 0, result.Count));
                }
            });
            return new HttpResponseMessage();
        });

        await platform.GetStringAsync();
        sent.SetResult();

        Assert.That(await echoed.Task.WaitAsync(cancellationToken), Is.EqualTo("late"));
    }

    [Test]
    public async Task TryAcquire_EntryIsRetired_NoHandlerIsMade()
    {
        int made = 0;
        TenantEntry entry = new(
            "a",
            _ =>
            {
                made++;
                return new Probe();
            },
            scoped: false);
        await entry.Retire();

        bool acquired = entry.TryAcquire(new ServiceCollection().BuildServiceProvider(), out ITenantHandler? handler);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(acquired, Is.False);
            Assert.That(handler, Is.Null);
            Assert.That(made, Is.Zero);
        }
    }

    private sealed class Probe : ITenantHandler, IDisposable
    {
        public TaskCompletionSource Release { get; } = new();

        public TaskCompletionSource Disposed { get; } = new();

        public void Dispose() => Disposed.SetResult();

        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
        {
            await Release.Task;
            return new HttpResponseMessage();
        }
    }
}
