using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

/// <summary>What bounds a WebSocket that a tenant has opened.</summary>
[CancelAfter(60_000)]
public class WebSocketLimitTests
{
    private static readonly Uri s_url = new("ws://api.example.com/");

    private static Task<Origin> SendingOriginAsync() => Origin.StartAsync(static async http =>
    {
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        while (socket.State == WebSocketState.Open)
        {
            await socket.SendAsync(new byte[10], WebSocketMessageType.Binary, true, http.RequestAborted);
        }
    });

    [Test]
    public async Task WebSocket_KeptAfterItsDispatch_IsCutOffAndDisposingItHurtsNobody(CancellationToken cancellationToken)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
            try
            {
                await socket.ReceiveAsync(new ArraySegment<byte>(new byte[1]), http.RequestAborted);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
            {
                gone.TrySetResult();
            }
        });
        WebSocket? kept = null;
        Task<WebSocketReceiveResult>? pending = null;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            kept ??= await context.ConnectWebSocketAsync(s_url, cancellationToken: token);
            pending ??= kept.ReceiveAsync(new ArraySegment<byte>(new byte[1]), CancellationToken.None);
            return new HttpResponseMessage { Content = new StringContent("answer") };
        });

        await platform.GetStringAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => pending!);
        await gone.Task.WaitAsync(cancellationToken);
        await Assert.ThrowsAsync<DispatchEndedException>(() => kept!.ReceiveAsync(new ArraySegment<byte>(new byte[1]), CancellationToken.None));
        await Assert.ThrowsAsync<DispatchEndedException>(() => kept!.SendAsync(new byte[1], WebSocketMessageType.Binary, true, CancellationToken.None));
        await Assert.ThrowsAsync<DispatchEndedException>(() => kept!.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None));
        kept!.Dispose();
        Assert.That(kept.State, Is.EqualTo(WebSocketState.Aborted).Or.EqualTo(WebSocketState.Closed));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("answer"));
    }

    [Test]
    public async Task CloseDescription_IsCountedAndLimited([Values(5, 200)] int limit, [Values] bool half)
    {
        await using Origin origin = await Origin.StartAsync(static async http =>
        {
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[10], http.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
        });
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                using WebSocket socket = await context.ConnectWebSocketAsync(s_url, null, token);
                string said = new('x', 100);
                await (half ? socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, said, token) : socket.CloseAsync(WebSocketCloseStatus.NormalClosure, said, token));
                return new HttpResponseMessage();
            },
            builder => builder.Configure(options => options.Limits.RequestBytes = limit));

        if (limit < 100)
        {
            await Assert.ThrowsAsync<DispatchLimitException>(() => platform.FetchAsync());
        }
        else
        {
            (await platform.FetchAsync()).Dispose();
        }

        Assert.That(platform.Records.Single().RequestBytes, Is.EqualTo(limit < 100 ? 0 : 100));
    }

    [Test]
    public async Task ReceiveAsync_MoreThanTheLimit_NothingMoreIsReceived()
    {
        await using Origin origin = await SendingOriginAsync();
        await using Platform platform = Platform.Create(origin, static async (_, context, token) =>
        {
            using WebSocket socket = await context.ConnectWebSocketAsync(s_url, cancellationToken: token);
            byte[] buffer = new byte[10];
            int refused = 0;
            int received = 0;
            for (int time = 0; time < 10; time++)
            {
                try
                {
                    ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), token);
                    received += result.Count;
                }
                catch (DispatchLimitException)
                {
                    refused++;
                }
                catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
                {
                    break;
                }
            }

            return new HttpResponseMessage { Content = new StringContent($"{received} {refused} {socket.State}") };
        });

        string answer = await platform.GetStringAsync(new DispatchOptions { Limits = new DispatchLimits { ResponseBytes = 25 } });

        Assert.That(answer, Is.EqualTo("20 1 Aborted"));
        Assert.That(platform.Records.Single().Failure, Is.EqualTo(FailureKind.Limit));
    }

    [Test]
    public async Task SendAsync_MoreThanTheLimit_EndsIt()
    {
        await using Origin origin = await SendingOriginAsync();
        await using Platform platform = Platform.Create(origin, static async (_, context, token) =>
        {
            using WebSocket socket = await context.ConnectWebSocketAsync(s_url, cancellationToken: token);
            await Assert.ThrowsAsync<DispatchLimitException>(() => socket.SendAsync(new byte[26], WebSocketMessageType.Binary, true, token));
            return new HttpResponseMessage { Content = new StringContent($"{socket.State}") };
        });

        string answer = await platform.GetStringAsync(new DispatchOptions { Limits = new DispatchLimits { RequestBytes = 25 } });

        Assert.That(answer, Is.EqualTo("Aborted"));
        Assert.That(platform.Records.Single().Failure, Is.EqualTo(FailureKind.Limit));
    }
}
