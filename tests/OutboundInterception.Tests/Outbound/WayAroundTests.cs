using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

/// <summary>Ways past what the chain decides, records or keeps apart.</summary>
[CancelAfter(60_000)]
public class WayAroundTests
{
    private static HttpRequestMessage Inbound => new(HttpMethod.Get, "https://tenant.apps.example.com/");

    private static HttpResponseMessage Text(string text) => new() { Content = new StringContent(text) };

    private static async Task<Origin> WebSocketOriginAsync() => await Origin.StartAsync(async http =>
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[100];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, default);
        await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, default);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    });

    [Test]
    public async Task Dispatch_HostsCallbackReturnsOneInstance_ArgumentsOfOneTenantDoNotReachAnother()
    {
        DispatchOptions shared = new();
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("first", (request, context, token) => context.Dispatch(
                "callee", new NestedDispatchOptions { Arguments = new Dictionary<string, object?> { ["secret"] = "of first" } }).FetchAsync(request, token))
            .AddTenant("second", (request, context, token) => context.Dispatch("callee").FetchAsync(request, token))
            .AddTenant("callee", (_, context, _) => Task.FromResult(Text(string.Join(',', context.Arguments.Values))))
            .Configure(options => options.NestedDispatch = _ => shared));

        using HttpResponseMessage first = await platform.Namespace.Get("first").FetchAsync(Inbound);
        using HttpResponseMessage second = await platform.Namespace.Get("second").FetchAsync(Inbound);

        Assert.That(await first.Content.ReadAsStringAsync(), Is.EqualTo("of first"));
        Assert.That(await second.Content.ReadAsStringAsync(), Is.Empty);
    }

    [Test]
    public async Task Dispatch_NestedWithAFreshRequest_LoopCountGoesOnWithIt()
    {
        await using Origin origin = await Origin.StartAsync(http => http.Response.WriteAsync(http.Request.Headers["CDN-Loop"].ToString()));
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => context.Dispatch("callee").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://callee.example.com/"), token),
            builder => builder
                .AddTenant("callee", (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token))
                .Configure(options => options.NestedDispatch = _ => new DispatchOptions()));

        string loops = await platform.GetStringAsync();

        Assert.That(loops.Split(',', StringSplitOptions.TrimEntries), Is.EqualTo(new[] { "outbound-interception", "outbound-interception" }));
    }

    [Test]
    public async Task ConnectWebSocketAsync_RuleForWss_DecidesIt()
    {
        await using Origin origin = await WebSocketOriginAsync();
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                await Assert.ThrowsAsync<OutboundBlockedException>(() => context.ConnectWebSocketAsync(new Uri("wss://api.example.com/"), null, token));
                return Text("done");
            },
            builder => builder.ConfigurePolicy(policy => policy.Deny(rule => rule.Schemes("wss"))));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("done"));
    }

    [Test]
    public async Task ConnectWebSocketAsync_Refused_RecordedAndItsPlaceIsFree()
    {
        await using Origin origin = await WebSocketOriginAsync();
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                await Assert.ThrowsAsync<WebSocketException>(() => context.ConnectWebSocketAsync(new Uri("wss://api.example.com/"), null, token));
                await Assert.ThrowsAsync<InvalidSubrequestException>(() => context.ConnectWebSocketAsync(new Uri("wss://user:pw@api.example.com/"), null, token));
                using HttpResponseMessage next = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                return Text(((int)next.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            },
            builder => builder
                .AddOutboundWorker(_ => new DelegateWorker((request, context, token) => request.Headers.Contains("Upgrade")
                    ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized))
                    : context.SendAsync(request, token)))
                .Configure(options => options.Limits.ConcurrentSubrequests = 1));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("403"));
        Assert.That(
            platform.Records.Select(record => record.Decision),
            Is.EqualTo(new[] { SubrequestDecision.Answered, SubrequestDecision.Rejected, SubrequestDecision.Sent }));
    }

    [Test]
    public async Task ConnectWebSocketAsync_Http2IsAskedForAndCannotBeHad_OneOneIsTaken()
    {
        await using Origin origin = await WebSocketOriginAsync();
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            using WebSocket socket = await context.ConnectWebSocketAsync(
                new Uri("wss://api.example.com/"), new WebSocketConnectOptions { HttpVersion = HttpVersion.Version20 }, token);
            await socket.SendAsync(Encoding.UTF8.GetBytes("hi"), WebSocketMessageType.Text, true, token);
            byte[] buffer = new byte[100];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, token);
            return Text(Encoding.UTF8.GetString(buffer, 0, received.Count));
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("hi"));
    }

    [Test]
    public async Task FetchAsync_RawLineBreakInTheUrl_NoLineBreakInTheRecord([Values] UrlStrictness strictness)
    {
        await using Origin origin = await Origin.StartAsync(http => http.Response.WriteAsync("ok"));
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                Uri raw = new("https://api.example.com/a\r\nforged line", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
                try
                {
                    using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, raw), token);
                }
                catch (InvalidSubrequestException)
                {
                    return Text("refused");
                }

                return Text("sent");
            },
            builder => builder.Configure(options => options.UrlStrictness = strictness));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(strictness == UrlStrictness.Strict ? "refused" : "sent"));
        Assert.That(platform.Records.Single().Url, Does.Not.Contain("\r").And.Not.Contain("\n").And.Not.Contain(" "));
    }

    [Test]
    public async Task SendAsync_WorkerMakesARawUrl_NoSecondRequestOnTheWire()
    {
        List<string> seen = [];
        await using Origin origin = await Origin.StartAsync(http =>
        {
            lock (seen)
            {
                seen.Add(http.Request.Path);
            }

            return http.Response.WriteAsync("ok");
        });
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token),
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                request.RequestUri = new Uri(
                    "https://api.example.com/a HTTP/1.1\r\nHost: x\r\n\r\nGET /smuggled",
                    new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
                return context.SendAsync(request, token);
            })));

        await platform.GetStringAsync();

        Assert.That(seen, Has.Count.EqualTo(1));
        Assert.That(seen, Has.None.EqualTo("/smuggled"));
    }

    [Test]
    public async Task SendAsync_WorkerPutsALineBreakIntoAContentHeader_NothingIsSent()
    {
        bool reached = false;
        await using Origin origin = await Origin.StartAsync(http =>
        {
            reached = true;
            return http.Response.WriteAsync("ok");
        });
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                await Assert.ThrowsAsync<OutboundException>(() => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token));
                return Text("done");
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                request.Content = new StringContent("x");
                request.Content.Headers.TryAddWithoutValidation("X-Content", "a\r\nX-Injected: 1");
                return context.SendAsync(request, token);
            })));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("done"));
        Assert.That(reached, Is.False);
    }

    [Test]
    public async Task FetchAsync_ContentThrowsWhenAskedForItsLength_TheTenantsOwnFault()
    {
        await using Origin origin = await Origin.StartAsync(http => http.Response.WriteAsync("ok"));
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            InvalidSubrequestException caught = (await Assert.ThrowsAsync<InvalidSubrequestException>(
                () => context.FetchAsync(new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/") { Content = new Throwing() }, token)))!;
            return Text(caught.Problem.ToString());
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("Body"));
        Assert.That(platform.Records.Single().Decision, Is.EqualTo(SubrequestDecision.Rejected));
    }

    [Test]
    public async Task CopyTo_StreamKeepsTheBufferItWasGiven_NobodyElseGetsIt([Values] bool isWrapped)
    {
        await using Origin origin = await Origin.StartAsync(http => http.Response.WriteAsync(new string('x', 100_000)));
        byte[]? kept = null;
        bool isPooled = false;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
            Keeping stream = new();
            response.Content.CopyTo(isWrapped ? new BufferedStream(stream, 1) : stream, null, CancellationToken.None);
            kept = stream.Kept;

            // What was rented on this thread comes back to it first.
            for (int size = 1_024; size <= 1_048_576; size *= 2)
            {
                isPooled |= ReferenceEquals(System.Buffers.ArrayPool<byte>.Shared.Rent(size), kept);
            }

            return Text("done");
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("done"));
        Assert.That(kept, Is.Not.Null);
        Assert.That(isPooled, Is.False);
    }

    private sealed class Keeping : MemoryStream
    {
        public byte[]? Kept { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Kept = buffer;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }
    }

    private sealed class Throwing : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length) => throw new InvalidOperationException("mine");
    }
}
