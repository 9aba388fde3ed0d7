using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests.Outbound;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>
/// Two tenants do the same, in a namespace whose time stands still, so that nothing ends by itself. One is switched off in the middle.
/// </summary>
[CancelAfter(60_000)]
public class KillSwitchTests
{
    private const string Killed = "killed";
    private const string Other = "other";

    // By tenant: has something open, may finish, was seen to have gone by the origin, is what the tenant's code came to.
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _open = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _mayFinish = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gone = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<object>> _outcome = new();

    private static IEnumerable<TestCaseData> Streams()
    {
        yield return Case("ResponseBody", ReadBodyAsync);
        yield return Case("RequestBody", UploadAsync);
        yield return Case("WebSocket", UseWebSocketAsync);
        yield return Case("RawSocket", UseSocketAsync);
    }

    [TestCaseSource(nameof(Streams))]
    public async Task Kill_StreamIsOpen_EndsAtOnceAndTheOtherTenantsGoesOn(Use use, CancellationToken cancellationToken)
    {
        await using Origin origin = await Origin.StartAsync(ServeAsync);
        await using TcpServer tcp = new(ServeAsync);
        await using Platform platform = Create(origin, tcp, async (_, context, token) =>
        {
            await CatchAsync(context, use, token);
            return new HttpResponseMessage();
        });

        Task<HttpResponseMessage>[] running = [.. new[] { Killed, Other }.Select(tenant => FetchAsync(platform, tenant))];
        await AllOpenAsync(cancellationToken);
        platform.Namespace.Policy.Kill(Killed);

        object outcome = await Of(_outcome, Killed).Task.WaitAsync(cancellationToken);
        await Of(_gone, Killed).Task.WaitAsync(cancellationToken);
        await OtherFinishesAsync(platform, cancellationToken);
        (await running[1]).Dispose();
        Assert.That(outcome, Is.TypeOf<TaskCanceledException>().Or.TypeOf<DispatchEndedException>());
        Assert.That((await Assert.ThrowsAsync<TaskCanceledException>(() => running[0]))!.Message, Does.Contain("stopped by the platform"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Kill_TenantAnswersAllTheSame_IsStopped(bool waits)
    {
        await using Origin origin = await Origin.StartAsync(ServeAsync);
        await using TcpServer tcp = new(ServeAsync);
        Platform? platform = null;
        await using Platform created = platform = Create(origin, tcp, async (_, _, _) =>
        {
            if (waits)
            {
                await Task.Yield();
            }

            platform!.Namespace.Policy.Kill(Killed);
            return new HttpResponseMessage();
        });

        TaskCanceledException stopped = (await Assert.ThrowsAsync<TaskCanceledException>(() => FetchAsync(platform, Killed)))!;
        Assert.That(stopped.Message, Does.Contain("stopped by the platform"));
    }

    [TestCaseSource(nameof(Streams))]
    public async Task Kill_WaitUntilWorkHasAStreamOpen_EndsAtOnceAndTheOtherTenantsGoesOn(Use use, CancellationToken cancellationToken)
    {
        await using Origin origin = await Origin.StartAsync(ServeAsync);
        await using TcpServer tcp = new(ServeAsync);
        await using Platform platform = Create(origin, tcp, (_, context, _) =>
        {
            context.WaitUntil(token => CatchAsync(context, use, token));
            return Task.FromResult(new HttpResponseMessage());
        });

        (await FetchAsync(platform, Killed)).Dispose();
        (await FetchAsync(platform, Other)).Dispose();
        await AllOpenAsync(cancellationToken);
        platform.Namespace.Policy.Kill(Killed);

        object outcome = await Of(_outcome, Killed).Task.WaitAsync(cancellationToken);
        await Of(_gone, Killed).Task.WaitAsync(cancellationToken);
        await OtherFinishesAsync(platform, cancellationToken);
        Assert.That(outcome, Is.TypeOf<TaskCanceledException>().Or.TypeOf<DispatchEndedException>());
    }

    [Test]
    public async Task Kill_WaitUntilWorkWaitsForNothingOfOurs_ItsTokenIsCancelled(CancellationToken cancellationToken)
    {
        await using Origin origin = await Origin.StartAsync(ServeAsync);
        await using TcpServer tcp = new(ServeAsync);
        await using Platform platform = Create(origin, tcp, (_, context, _) =>
        {
            context.WaitUntil(token => CatchAsync(
                context,
                async (test, own, _, workToken) =>
                {
                    Of(test._open, own.Tenant).TrySetResult();
                    await Of(test._mayFinish, own.Tenant).Task.WaitAsync(workToken);
                    return "done";
                },
                token));
            return Task.FromResult(new HttpResponseMessage());
        });

        (await FetchAsync(platform, Killed)).Dispose();
        (await FetchAsync(platform, Other)).Dispose();
        await AllOpenAsync(cancellationToken);
        platform.Namespace.Policy.Kill(Killed);

        Assert.That(await Of(_outcome, Killed).Task.WaitAsync(cancellationToken), Is.InstanceOf<OperationCanceledException>());
        await OtherFinishesAsync(platform, cancellationToken);
    }

    [Test]
    public async Task Kill_TenantsResponsePassesABodyOn_ReadingItEndsAtOnce(CancellationToken cancellationToken)
    {
        await using Origin origin = await Origin.StartAsync(ServeAsync);
        await using TcpServer tcp = new(ServeAsync);
        await using Platform platform = Create(
            origin, tcp, (_, context, token) => context.Http.GetAsync($"http://api.example.com/?{context.Tenant}", HttpCompletionOption.ResponseHeadersRead, token));

        using HttpResponseMessage killed = await FetchAsync(platform, Killed);
        using HttpResponseMessage other = await FetchAsync(platform, Other);
        await using Stream body = await killed.Content.ReadAsStreamAsync(cancellationToken);
        await using Stream othersBody = await other.Content.ReadAsStreamAsync(cancellationToken);
        int first = await body.ReadAsync(new byte[1], cancellationToken);
        Task<int> next = body.ReadAsync(new byte[1], cancellationToken).AsTask();
        platform.Namespace.Policy.Kill(Killed);

        Assert.That(first, Is.EqualTo(1));
        await Assert.ThrowsAsync<TaskCanceledException>(() => next);
        await Of(_gone, Killed).Task.WaitAsync(cancellationToken);
        Of(_mayFinish, Other).SetResult();
        using StreamReader reader = new(othersBody);
        Assert.That(await reader.ReadToEndAsync(cancellationToken), Is.EqualTo("xdone"));
    }

    private static TestCaseData Case(string name, Use use) => new TestCaseData(use).SetArgDisplayNames(name);

    private static async Task<string> ReadBodyAsync(KillSwitchTests test, TenantContext context, int port, CancellationToken token)
    {
        await using Stream body = await context.Http.GetStreamAsync($"http://api.example.com/?{context.Tenant}", CancellationToken.None);
        await body.ReadExactlyAsync(new byte[1], CancellationToken.None);
        using StreamReader reader = new(body);
        Of(test._open, context.Tenant).TrySetResult();
        return await reader.ReadToEndAsync(CancellationToken.None);
    }

    private static async Task<string> UploadAsync(KillSwitchTests test, TenantContext context, int port, CancellationToken token)
    {
        using HttpResponseMessage response = await context.Http.PostAsync(
            $"http://api.example.com/upload?{context.Tenant}", new WaitingContent(Of(test._mayFinish, context.Tenant).Task), CancellationToken.None);
        return await response.Content.ReadAsStringAsync(CancellationToken.None);
    }

    private static async Task<string> UseWebSocketAsync(KillSwitchTests test, TenantContext context, int port, CancellationToken token)
    {
        using WebSocket socket = await context.ConnectWebSocketAsync(new Uri($"ws://api.example.com/?{context.Tenant}"), cancellationToken: CancellationToken.None);
        byte[] buffer = new byte[10];
        await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None);
        Of(test._open, context.Tenant).TrySetResult();
        WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, result.Count);
    }

    private static async Task<string> UseSocketAsync(KillSwitchTests test, TenantContext context, int port, CancellationToken token)
    {
        await using TenantSocket socket = await context.Sockets.ConnectAsync("127.0.0.1", port, null, CancellationToken.None);
        await socket.Stream.WriteAsync(new[] { (byte)context.Tenant[0] }, CancellationToken.None);
        await socket.Stream.ReadExactlyAsync(new byte[1], CancellationToken.None);

        // Before it is said to be open: a reader takes no stream that has ended meanwhile.
        using StreamReader reader = new(socket.Stream);
        Of(test._open, context.Tenant).TrySetResult();
        return await reader.ReadToEndAsync(CancellationToken.None);
    }

    private static TaskCompletionSource Of(ConcurrentDictionary<string, TaskCompletionSource> sources, string tenant) =>
        sources.GetOrAdd(tenant, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private static TaskCompletionSource<object> Of(ConcurrentDictionary<string, TaskCompletionSource<object>> sources, string tenant) =>
        sources.GetOrAdd(tenant, static _ => new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously));

    private static Task<HttpResponseMessage> FetchAsync(Platform platform, string tenant) =>
        platform.Namespace.Get(tenant).FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"));

    private Platform Create(Origin origin, TcpServer tcp, TenantDelegate tenant)
    {
        Port = tcp.Port;
        return Platform.Create(
            builder => builder
                .AddTenant(Killed, tenant)
                .AddTenant(Other, tenant)
                .Route("api.example.com", origin.Url)
                .ConfigureConnections(static options => options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"))),
            static services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));
    }

    private int Port { get; set; }

    private async Task CatchAsync(TenantContext context, Use use, CancellationToken token)
    {
        try
        {
            Of(_outcome, context.Tenant).SetResult(await use(this, context, Port, token));
        }
        catch (Exception exception)
        {
            Of(_outcome, context.Tenant).SetResult(exception);
        }
    }

    private Task AllOpenAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Of(_open, Killed).Task, Of(_open, Other).Task).WaitAsync(cancellationToken);

    private async Task OtherFinishesAsync(Platform platform, CancellationToken cancellationToken)
    {
        Assert.That(Of(_outcome, Other).Task.IsCompleted, Is.False);
        Of(_mayFinish, Other).SetResult();
        Assert.That(await Of(_outcome, Other).Task.WaitAsync(cancellationToken), Is.EqualTo("done"));
        Assert.That(_gone.ContainsKey(Other), Is.False);
        while (platform.Namespace.ActiveDispatches > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task ServeAsync(HttpContext http)
    {
        string tenant = http.Request.QueryString.Value!.TrimStart('?');
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration aborted = http.RequestAborted.Register(gone.SetResult);
        try
        {
            if (http.WebSockets.IsWebSocketRequest)
            {
                using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
                await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
                Task<WebSocketReceiveResult> received = socket.ReceiveAsync(new ArraySegment<byte>(new byte[1]), http.RequestAborted);
                await await Task.WhenAny(received, Of(_mayFinish, tenant).Task);
                await socket.SendAsync("done"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
                return;
            }

            if (http.Request.Path == "/upload")
            {
                await http.Request.Body.ReadExactlyAsync(new byte[1]);
                Of(_open, tenant).TrySetResult();
                using StreamReader reader = new(http.Request.Body);
                await http.Response.WriteAsync(await reader.ReadToEndAsync());
                return;
            }

            await http.Response.WriteAsync("x");
            await http.Response.Body.FlushAsync();
            if (await Task.WhenAny(gone.Task, Of(_mayFinish, tenant).Task) == gone.Task)
            {
                Of(_gone, tenant).SetResult();
                return;
            }

            await http.Response.WriteAsync("done");
        }
        catch (Exception exception) when (exception is IOException or WebSocketException or BadHttpRequestException or OperationCanceledException)
        {
            Of(_gone, tenant).TrySetResult();
        }
    }

    private async Task ServeAsync(System.Net.Sockets.NetworkStream stream, CancellationToken token)
    {
        byte[] one = new byte[1];
        await stream.ReadExactlyAsync(one, token);
        string tenant = one[0] == Killed[0] ? Killed : Other;
        await stream.WriteAsync(one, token);
        Task<int> end = stream.ReadAsync(one, token).AsTask();
        if (await Task.WhenAny(end, Of(_mayFinish, tenant).Task) == end)
        {
            Of(_gone, tenant).SetResult();
            return;
        }

        // To close under a read that goes on would reset the connection, and take the bytes back.
        await stream.WriteAsync("done"u8.ToArray(), token);
        stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await end;
    }

    public delegate Task<string> Use(KillSwitchTests test, TenantContext context, int port, CancellationToken token);

    private sealed class WaitingContent(Task mayFinish) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("x"u8.ToArray());
            await stream.FlushAsync();
            await mayFinish;
            await stream.WriteAsync("done"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
