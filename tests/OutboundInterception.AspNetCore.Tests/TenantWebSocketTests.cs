using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.AspNetCore.Tests;

[CancelAfter(60_000)]
public class TenantWebSocketTests
{
    [Test]
    public async Task AcceptWebSocket_OverEitherVersion_MessagesGoBothWays(
        [Values("1.1", "2.0")] string version, CancellationToken cancellationToken)
    {
        await using TenantServer server = await StartAsync(EchoAsync, ProtocolsOf(version));
        using ClientWebSocket client = await ConnectAsync(server, version, cancellationToken);

        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        string first = await ReceiveAsync(client, cancellationToken);
        await client.SendAsync(new byte[200_000], WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        string second = await ReceiveAsync(client, cancellationToken);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.EqualTo("hello"));
            Assert.That(second, Has.Length.EqualTo(200_000));
            Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
        }
    }

    [Test]
    public async Task AcceptWebSocket_SubProtocol_IsTheOneThatTheTenantChose(CancellationToken cancellationToken)
    {
        await using TenantServer server = await StartAsync(EchoAsync, HttpProtocols.Http1, new WebSocketAcceptOptions { SubProtocol = "v2.chat" });
        using ClientWebSocket client = await ConnectAsync(server, "1.1", cancellationToken, ["v1.chat", "v2.chat"]);

        Assert.That(client.SubProtocol, Is.EqualTo("v2.chat"));
    }

    [Test]
    public async Task AcceptWebSocket_TenantReturns_ClientSeesANormalClose(CancellationToken cancellationToken)
    {
        await using TenantServer server = await StartAsync((_, _) => Task.CompletedTask, HttpProtocols.Http1);
        using ClientWebSocket client = await ConnectAsync(server, "1.1", cancellationToken);

        WebSocketReceiveResult result = await client.ReceiveAsync(new ArraySegment<byte>(new byte[16]), cancellationToken);

        Assert.That(result.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    [Test]
    public async Task AcceptWebSocket_TenantThrows_ClientIsCutOffAndTheNextRequestWorks(CancellationToken cancellationToken)
    {
        await using TenantServer server = await StartAsync((_, _) => throw new InvalidOperationException("secret"), HttpProtocols.Http1);
        using ClientWebSocket client = await ConnectAsync(server, "1.1", cancellationToken);

        Assert.That(async () => await ReceiveAsync(client, cancellationToken), Throws.InstanceOf<WebSocketException>());
        using HttpResponseMessage plain = await server.GetAsync("/", cancellationToken);
        Assert.That(plain.StatusCode, Is.EqualTo(HttpStatusCode.UpgradeRequired));
    }

    [Test]
    public async Task AcceptWebSocket_ClientGoesAway_TenantIsToldAndItsWebSocketStopsWorking(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Exception> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WebSocket? kept = null;
        await using TenantServer server = await StartAsync(
            async (socket, token) =>
            {
                kept = socket;
                try
                {
                    await EchoAsync(socket, token);
                }
                catch (Exception exception)
                {
                    ended.SetResult(exception);
                    throw;
                }
            },
            HttpProtocols.Http1);
        using (ClientWebSocket client = await ConnectAsync(server, "1.1", cancellationToken))
        {
            client.Abort();
        }

        Exception told = await ended.Task.WaitAsync(cancellationToken);
        await server.DisposeAsync();

        Assert.That(told, Is.InstanceOf<WebSocketException>().Or.InstanceOf<OperationCanceledException>().Or.InstanceOf<DispatchEndedException>());
        Assert.That(
            async () => await kept!.SendAsync("late"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None),
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task AcceptWebSocket_TheDispatchsDeadlinePasses_ClientIsCutOff(CancellationToken cancellationToken)
    {
        await using TenantServer server = await StartAsync(
            (_, token) => Task.Delay(Timeout.Infinite, token),
            HttpProtocols.Http1,
            configure: builder => builder.Configure(options => options.Limits.Deadline = TimeSpan.FromSeconds(1)));
        using ClientWebSocket client = await ConnectAsync(server, "1.1", cancellationToken);

        Assert.That(async () => await ReceiveAsync(client, cancellationToken), Throws.InstanceOf<WebSocketException>());
    }

    [Test]
    public async Task Kill_WebSocketIsServed_ClientIsCutOffTenantIsToldAndTheOtherTenantsGoesOn(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Exception> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TenantServer server = await StartAsync(
            async (socket, _) =>
            {
                try
                {
                    await EchoAsync(socket, CancellationToken.None);
                }
                catch (Exception exception)
                {
                    ended.SetResult(exception);
                    throw;
                }
            },
            HttpProtocols.Http1,
            configure: builder => builder.AddTenant("other", (request, context, _) => Task.FromResult(context.AcceptWebSocket(request, EchoAsync))));
        using ClientWebSocket client = await ConnectAsync(server, "1.1", cancellationToken);
        using ClientWebSocket other = await ConnectAsync(server, "1.1", cancellationToken, tenant: "other");
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        string first = await ReceiveAsync(client, cancellationToken);

        server.Namespace.Policy.Kill("shop");

        Assert.That(first, Is.EqualTo("hello"));
        Assert.That(async () => await ReceiveAsync(client, cancellationToken), Throws.InstanceOf<WebSocketException>());
        Assert.That(await ended.Task.WaitAsync(cancellationToken), Is.TypeOf<TaskCanceledException>().With.Message.Contains("stopped by the platform"));
        await other.SendAsync("still"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        Assert.That(await ReceiveAsync(other, cancellationToken), Is.EqualTo("still"));
    }

    [Test]
    public async Task AcceptWebSocket_FromANestedDispatch_MayBePassedOn(CancellationToken cancellationToken)
    {
        await using TenantServer server = await TenantServer.StartAsync(
            (request, context, token) => context.Dispatch("chat").FetchAsync(request, token),
            builder => builder
                .AddTenant("chat", (request, context, _) => Task.FromResult(context.AcceptWebSocket(request, EchoAsync)))
                .Configure(options => options.NestedDispatch = _ => new DispatchOptions()));
        using ClientWebSocket client = await ConnectAsync(server, "1.1", cancellationToken);

        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

        Assert.That(await ReceiveAsync(client, cancellationToken), Is.EqualTo("hello"));
    }

    [Test]
    public async Task AcceptWebSocket_NoHandshake_ThrowsAndSaysWhatToAsk(CancellationToken cancellationToken)
    {
        Exception? thrown = null;
        await using TenantServer server = await TenantServer.StartAsync((request, context, _) =>
        {
            thrown = Assert.Throws<ArgumentException>(() => context.AcceptWebSocket(request, EchoAsync));
            return Task.FromResult(new HttpResponseMessage());
        });

        using HttpResponseMessage response = await server.GetAsync("/", cancellationToken);

        Assert.That(thrown!.Message, Does.Contain("IsWebSocketRequest"));
    }

    [Test]
    public async Task AcceptWebSocket_SubProtocolThatWasNotOffered_Throws(CancellationToken cancellationToken)
    {
        await using TenantServer server = await StartAsync(EchoAsync, HttpProtocols.Http1, new WebSocketAcceptOptions { SubProtocol = "v3.chat" });

        Assert.That(async () => await ConnectAsync(server, "1.1", cancellationToken, ["v1.chat"]), Throws.InstanceOf<WebSocketException>().With.Message.Contains("500"));
    }

    [Test]
    public async Task Response_A101OfTheTenantsOwnMaking_IsRefused(CancellationToken cancellationToken)
    {
        await using TenantServer server = await TenantServer.StartAsync((_, _, _) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.SwitchingProtocols) { Content = new StreamContent(new MemoryStream()) }));

        Assert.That(async () => await ConnectAsync(server, "1.1", cancellationToken), Throws.InstanceOf<WebSocketException>().With.Message.Contains("500"));
    }

    [Test]
    public async Task Response_AWebSocketReturnedTwice_IsRefusedTheSecondTime(CancellationToken cancellationToken)
    {
        HttpResponseMessage? kept = null;
        await using TenantServer server = await TenantServer.StartAsync((request, context, _) =>
            Task.FromResult(kept ??= context.AcceptWebSocket(request, EchoAsync)));
        using ClientWebSocket first = await ConnectAsync(server, "1.1", cancellationToken);

        Assert.That(async () => await ConnectAsync(server, "1.1", cancellationToken), Throws.InstanceOf<WebSocketException>().With.Message.Contains("500"));
        await first.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        Assert.That(await ReceiveAsync(first, cancellationToken), Is.EqualTo("hello"));
    }

    private static Task<TenantServer> StartAsync(
        Func<WebSocket, CancellationToken, Task> serve, HttpProtocols protocols, WebSocketAcceptOptions? options = null, Action<IDispatchNamespaceBuilder>? configure = null) =>
        TenantServer.StartAsync(
            (request, context, _) => Task.FromResult(TenantContext.IsWebSocketRequest(request)
                ? context.AcceptWebSocket(request, serve, options)
                : new HttpResponseMessage(HttpStatusCode.UpgradeRequired)),
            configure,
            protocols: protocols);

    private static HttpProtocols ProtocolsOf(string version) => version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1;

    private static async Task<ClientWebSocket> ConnectAsync(TenantServer server, string version, CancellationToken cancellationToken, string[]? protocols = null, string tenant = "shop")
    {
        ClientWebSocket client = new();
        client.Options.HttpVersion = Version.Parse(version);
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        client.Options.SetRequestHeader("Host", $"{tenant}.apps.example.com");
        foreach (string protocol in protocols ?? [])
        {
            client.Options.AddSubProtocol(protocol);
        }

        using HttpMessageInvoker invoker = new(new SocketsHttpHandler());
        await client.ConnectAsync(new Uri(server.Client.BaseAddress!.AbsoluteUri.Replace("http:", "ws:", StringComparison.Ordinal)), invoker, cancellationToken);
        return client;
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, cancellationToken);
        }
    }

    private static async Task<string> ReceiveAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        StringBuilder text = new();
        while (true)
        {
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            text.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
            if (result.EndOfMessage)
            {
                return text.ToString();
            }
        }
    }
}
