using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OutboundInterception.Tests.Holes;

/// <summary>Tunnels: ways from a request to a connection of one's own, and other versions of HTTP.</summary>
[CancelAfter(60_000)]
public class ITunnelTests
{
    private const string Switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n";

    private static async Task EchoAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await http.Response.WriteAsync($"{http.Request.Protocol} {http.Request.Host.Host} {http.Request.Headers.TransferEncoding}");
            return;
        }

        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, default);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }

    [Test]
    public async Task I1_Connect_Refused()
    {
        await using RawServer server = new("HTTP/1.1 200 OK\r\n\r\n");
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        using HttpResponseMessage tunnel = await plain.Http.SendAsync(Request(HttpMethod.Connect), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(server.Heads[0], Does.StartWith("CONNECT 169.254.169.254:80 HTTP/1.1"));
        Assert.That((await tunnel.Content.ReadAsStreamAsync()).CanWrite, Is.True);

        await using GuardedTenant guarded = new();
        foreach (string method in new[] { "CONNECT", "connect" })
        {
            Exception? failure = await guarded.FailAsync(context => context.FetchAsync(Request(new HttpMethod(method))));
            Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Method));
        }

        Assert.That(server.Heads, Has.Count.EqualTo(1));

        HttpRequestMessage Request(HttpMethod method)
        {
            HttpRequestMessage request = new(method, url);
            request.Headers.Host = "169.254.169.254:80";
            return request;
        }
    }

    [Test]
    public async Task I2_SwitchingProtocolsUnasked_AnErrorAndNoStream()
    {
        await using RawServer server = new(Switching);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        using HttpResponseMessage switched = await plain.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);

        Assert.That((await switched.Content.ReadAsStreamAsync()).CanWrite, Is.True);

        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(context => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, url)));
        Exception? handshake = await guarded.FailAsync(context => context.ConnectWebSocketAsync(new Uri(url)));

        Assert.That(failure, Is.InstanceOf<HttpRequestException>());
        Assert.That(handshake, Is.InstanceOf<WebSocketException>());

        // Nor has any other body a stream to write to.
        await using RawServer usual = new(RawServer.Ok);
        bool canWrite = await guarded.RunAsync(async context =>
        {
            using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, Hosts.AllowedUrl(usual.Port)));
            return (await response.Content.ReadAsStreamAsync()).CanWrite;
        });
        Assert.That(canWrite, Is.False);
    }

    [Test]
    public async Task I3_WebSocketThroughAGivenClient_OnlyAsConnectWebSocketAsync()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        int port = new Uri(origin.Url).Port;
        using PlainClient plain = new();
        using ClientWebSocket naive = new();
        await naive.ConnectAsync(new Uri($"ws://{Hosts.Allowed}:{port}/"), plain.Http, default);

        Assert.That(naive.State, Is.EqualTo(WebSocketState.Open));
        Assert.That(plain.Naive.Seen, Has.Count.EqualTo(1), "and of the frames it sees none");

        await using GuardedTenant guarded = new();
        Exception? tunnel = await guarded.FailAsync(async context =>
        {
            using ClientWebSocket socket = new();
            await socket.ConnectAsync(new Uri($"ws://{Hosts.Allowed}:{port}/"), context.Http, default);
        });
        Exception? denied = await guarded.FailAsync(context => context.ConnectWebSocketAsync(new Uri($"ws://{Hosts.Internal}:{port}/")));
        int seen = guarded.Seen.Count;
        string received = await guarded.RunAsync(async context =>
        {
            using WebSocket socket = await context.ConnectWebSocketAsync(new Uri($"ws://{Hosts.Allowed}:{port}/"));
            byte[] buffer = new byte[10];
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, default);
            return Encoding.UTF8.GetString(buffer, 0, result.Count);
        });

        Assert.That(tunnel, Is.InstanceOf<WebSocketException>());
        Assert.That(denied, Is.TypeOf<OutboundBlockedException>());
        Assert.That(seen, Is.Zero);
        Assert.That(received, Is.EqualTo("hi"));
        Assert.That(guarded.Records[^1].ResponseBytes, Is.EqualTo(2), "frames are counted");
    }

    [Test]
    public async Task I4_HostHeaderOverHttp2_AuthorityIsThatOfTheUrl()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync, HttpProtocols.Http2);
        string url = Hosts.AllowedUrl(new Uri(origin.Url).Port);
        using PlainClient plain = new();
        using HttpResponseMessage fronted = await plain.Http.SendAsync(Request());

        Assert.That(await fronted.Content.ReadAsStringAsync(), Does.StartWith($"HTTP/2 {Hosts.Internal}"));

        await using GuardedTenant guarded = new();
        string answer = await guarded.RunAsync(async context =>
        {
            using HttpResponseMessage response = await context.Http.SendAsync(Request());
            return await response.Content.ReadAsStringAsync();
        });

        Assert.That(answer, Is.EqualTo($"HTTP/2 {Hosts.Allowed} "));

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Get, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Host = Hosts.Internal;
            return request;
        }
    }

    [Test]
    public async Task I5_LineBreakInTheHttp2Path_Escaped()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync, HttpProtocols.Http2);
        Uri uri = new(
            Hosts.AllowedUrl(new Uri(origin.Url).Port, "/a HTTP/1.1\r\nHost: x\r\n\r\n"),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using PlainClient plain = new();

        // It goes out; this server is strict, one that passes it on as HTTP/1.1 may not be.
        HttpRequestException refused = (await Assert.ThrowsAsync<HttpRequestException>(() => plain.Http.SendAsync(Request())))!;
        Assert.That(refused.ToString(), Does.Contain("PROTOCOL_ERROR"));

        await using GuardedTenant guarded = new();
        HttpStatusCode status = await guarded.RunAsync(async context => (await context.Http.SendAsync(Request())).StatusCode);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));

        HttpRequestMessage Request() => new(HttpMethod.Get, uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    [Test]
    public async Task I7_AlternativeService_NotKeptAndNotTold()
    {
        await using RawServer server = new(RawServer.Answer("ok", $"Alt-Svc: h3=\"{Hosts.Internal}:9443\"; ma=3600\r\n"));
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        using HttpResponseMessage told = await plain.Http.GetAsync(url);

        Assert.That(told.Headers.Contains("Alt-Svc"), Is.True);

        await using GuardedTenant guarded = new();
        bool isTold = await guarded.RunAsync(async context =>
        {
            using HttpResponseMessage response = await context.Http.SendAsync(Request(HttpVersionPolicy.RequestVersionOrHigher));
            return response.Headers.Contains("Alt-Svc");
        });
        Exception? third = await guarded.FailAsync(context => context.Http.SendAsync(Request(HttpVersionPolicy.RequestVersionExact, 3)));
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request(HttpVersionPolicy.RequestVersionOrLower, 3))).StatusCode);

        Assert.That(isTold, Is.False);
        Assert.That(third, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Version));
        Assert.That(server.Heads, Has.Count.EqualTo(3), "and all of them over TCP");

        HttpRequestMessage Request(HttpVersionPolicy policy, int version = 1) => new(HttpMethod.Get, url)
        {
            Version = version == 3 ? HttpVersion.Version30 : HttpVersion.Version11,
            VersionPolicy = policy,
        };
    }

    [Test]
    public async Task I8_ExtendedConnect_OnlyAsConnectWebSocketAsync()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync, HttpProtocols.Http2);
        int port = new Uri(origin.Url).Port;
        using PlainClient plain = new();
        using ClientWebSocket naive = new();
        Http2(naive);
        await naive.ConnectAsync(new Uri($"ws://{Hosts.Allowed}:{port}/"), plain.Http, default);

        Assert.That(naive.State, Is.EqualTo(WebSocketState.Open));
        Assert.That(plain.Naive.Seen[0], Does.StartWith("CONNECT"));

        await using GuardedTenant guarded = new();
        Exception? tunnel = await guarded.FailAsync(async context =>
        {
            using ClientWebSocket socket = new();
            Http2(socket);
            await socket.ConnectAsync(new Uri($"ws://{Hosts.Allowed}:{port}/"), context.Http, default);
        });
        Exception? byHand = await guarded.FailAsync(context =>
        {
            HttpRequestMessage request = new(HttpMethod.Connect, Hosts.AllowedUrl(port)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Protocol = "websocket";
            return context.FetchAsync(request);
        });

        Assert.That(tunnel, Is.InstanceOf<WebSocketException>());
        Assert.That(byHand, Is.TypeOf<InvalidSubrequestException>());
        Assert.That(guarded.Seen, Is.Empty);

        static void Http2(ClientWebSocket socket)
        {
            socket.Options.HttpVersion = HttpVersion.Version20;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }
    }
}
