using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>Ways in which a tenant could hold the host up, or get more out or in than it may.</summary>
[CancelAfter(60_000)]
public class TenantAttackTests
{
    private static readonly AsyncLocal<string?> s_ambient = new();
    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(500);

    private static Task<HttpResponseMessage> Get(TenantContext context, CancellationToken token) =>
        context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);

    // The host's read listens to the token that the tenant has too: what the tenant registers later runs first.
    [Test]
    public async Task BlockingCallback_OnTheDispatchsToken_DeadlineEndsTheReadOfTheBody(CancellationToken cancellationToken)
    {
        using ManualResetEventSlim release = new();
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.Limits.Deadline = s_deadline)
            .AddTenant("tenant", (_, _, token) => Task.FromResult(new HttpResponseMessage
            {
                Content = new StreamContent(new NeverStream(() => _ = Task.Run(async () =>
                {
                    await Task.Delay(100);
                    token.Register(release.Wait);
                }))),
            })));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        Task<int> read = body.ReadAsync(new byte[10], cancellationToken).AsTask();
        Task first = await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken));
        bool ended = first == read;
        release.Set();
        await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(ended, Is.True);
    }

    [Test]
    public async Task StreamContent_ThatGivesNoStream_DeadlineEndsIt(CancellationToken cancellationToken)
    {
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.Limits.Deadline = s_deadline)
            .AddTenant("tenant", (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new NoStreamContent() })));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        Task<Stream> read = response.Content.ReadAsStreamAsync(cancellationToken);
        Task first = await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken));
        Assert.That(first == read, Is.True);
    }

    [Test]
    public async Task Response_ContentReplacedAfterItWasReturned_HostsStreamStaysTheHosts(CancellationToken cancellationToken)
    {
        GrabbingContent evil = new();
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.Limits.Deadline = s_deadline)
            .AddTenant("tenant", (_, context, _) =>
            {
                HttpResponseMessage mine = new() { Content = new StringContent("fine") };
                context.WaitUntil(async _ =>
                {
                    await Task.Delay(50, CancellationToken.None);
                    mine.Content = evil;
                });
                return Task.FromResult(mine);
            }));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        await Task.Delay(200, cancellationToken);   // the host sends the headers
        using MemoryStream hosts = new();
        Task copy = response.Content.CopyToAsync(hosts, cancellationToken);
        Task first = await Task.WhenAny(copy, Task.Delay(TimeSpan.FromSeconds(3), cancellationToken));
        Assert.Multiple(() =>
        {
            Assert.That(evil.Got, Is.Not.SameAs(hosts));
            Assert.That(first, Is.SameAs(copy), "deadline");
        });
        evil.Done.TrySetResult();
    }

    [Test]
    public async Task Response_ContentReplacedWhileItsLengthIsAsked_HostsBufferStaysTheHosts(CancellationToken cancellationToken)
    {
        GrabbingContent evil = new();
        HttpResponseMessage? mine = null;
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", (_, context, _) =>
            {
                mine = new() { Content = new LengthContent(() => mine!.Content = evil) };
                return Task.FromResult(mine);
            }));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        _ = response.Content.Headers.ContentLength;
        using MemoryStream hosts = new();
        _ = response.Content.CopyToAsync(hosts, cancellationToken);
        Assert.That(evil.Got, Is.Not.SameAs(hosts));
        evil.Done.TrySetResult();
    }

    [Test]
    public async Task Headers_ManyEmptyValues_AreRefused(CancellationToken cancellationToken)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<long> counted = CountHeadersAsync(listener, cancellationToken);
        Exception? thrown = null;
        await using Platform platform = Platform.Create(builder => builder
            .Route("api.example.com", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
                request.Headers.TryAddWithoutValidation("X-A", Enumerable.Repeat("", 5_000_000));
                try
                {
                    return await context.FetchAsync(request, token);
                }
                catch (Exception exception)
                {
                    thrown = exception;
                    return new HttpResponseMessage();
                }
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        listener.Stop();
        long sent = 0;
        try { sent = await counted; } catch (Exception) { }
        Assert.That(sent, Is.LessThan(200_000));
    }

    [Test]
    public async Task ContentHeaders_ChangedBetweenHops_ChangeNothing(CancellationToken cancellationToken)
    {
        List<string> types = [];
        List<int> lengths = [];
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker(async (request, context, token) =>
            {
                await request.Content!.ReadAsByteArrayAsync(token);
                types.Add(request.Content!.Headers.ContentType!.ToString());
                lengths.Add(request.Content!.Headers.NonValidated.Sum(static header => header.Value.ToString().Length));
                return context.Hop == 0
                    ? new HttpResponseMessage(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri("https://api.example.com/next") } }
                    : new HttpResponseMessage();
            }))
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Post, "https://api.example.com/") { Content = new ChangingContent() };
                request.Content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
                return await context.FetchAsync(request, token);
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(types, Is.EqualTo(new[] { "text/plain", "text/plain" }));
            Assert.That(lengths[^1], Is.LessThan(200_000));
        });
    }

    [Test]
    public async Task CdnLoop_OfANestedDispatchIsEndless_IsRefused(CancellationToken cancellationToken)
    {
        int length = 0;
        Exception? refused = null;
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.NestedDispatch = _ => new DispatchOptions())
            .AddOutboundWorker(_ => new DelegateWorker((request, context, token) => context.SendAsync(request, token)))
            .ConfigureEgress(egress => egress.AddHttpMessageHandler(() => new Peek(message => length = message.Headers.NonValidated.Sum(static header => header.Value.ToString().Length))))
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://other.example.com/");
                request.Headers.TryAddWithoutValidation("CDN-Loop", new string('a', 10_000_000));
                refused = await Assert.CatchAsync(() => context.Dispatch("tenant2").FetchAsync(request, token));
                return new HttpResponseMessage();
            })
            .AddTenant("tenant2", async (_, context, token) => await Get(context, token)));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Assert.That((refused as DispatchLimitException)?.Limit, Is.EqualTo(DispatchLimit.Depth));
        Assert.That(length, Is.Zero);
    }

    [Test]
    public async Task WebSocket_ManySubProtocols_AreRefusedSoon(CancellationToken cancellationToken)
    {
        TimeSpan took = default;
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker((_, _, _) => Task.FromResult(new HttpResponseMessage())))
            .AddTenant("tenant", async (_, context, token) =>
            {
                WebSocketConnectOptions options = new() { SubProtocols = [.. Enumerable.Range(0, 60_000).Select(static number => $"p{number:d5}")] };
                long start = Stopwatch.GetTimestamp();
                try
                {
                    (await context.ConnectWebSocketAsync(new Uri("wss://api.example.com/"), options, token)).Dispose();
                }
                catch (Exception)
                {
                    // Refused.
                }

                took = Stopwatch.GetElapsedTime(start);
                return new HttpResponseMessage();
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    // Not to be had in the sandbox.
    [Test]
    public async Task FetchAsync_TenantSetsASynchronizationContext_HostHasNoneOfIt()
    {
        SynchronizationContext? after = null;
        SynchronizationContext evil = new();
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", (_, _, _) =>
            {
                SynchronizationContext.SetSynchronizationContext(evil);
                return Task.FromResult(new HttpResponseMessage());
            }));
        Thread thread = new(() =>
        {
            _ = platform.FetchAsync();
            after = SynchronizationContext.Current;
        });
        thread.Start();
        thread.Join();
        Assert.That(after, Is.Not.SameAs(evil));
    }

    [Test]
    public async Task Body_ChangedWhileItIsWritten_WhatWasReadIsWhatIsSent(CancellationToken cancellationToken)
    {
        int different = 0;
        byte[] shared = new byte[60_000];
        bool stop = false;
        Thread flipper = new(() =>
        {
            byte value = 0;
            while (!Volatile.Read(ref stop))
            {
                shared.AsSpan().Fill(++value);
            }
        });
        flipper.Start();
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker(async (request, context, token) =>
            {
                using MemoryStream inspected = new();
                await (await request.Content!.ReadAsStreamAsync(token)).CopyToAsync(inspected, token);
                using MemoryStream sent = new();
                await request.Content!.CopyToAsync(sent, token);    // as the connection does
                different += inspected.ToArray().AsSpan().SequenceEqual(sent.ToArray()) ? 0 : 1;
                return new HttpResponseMessage();
            }))
            .AddTenant("tenant", async (_, context, token) =>
            {
                for (int time = 0; time < 40; time++)
                {
                    (await context.FetchAsync(new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/") { Content = new ByteArrayContent(shared) }, token)).Dispose();
                }

                return new HttpResponseMessage();
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Volatile.Write(ref stop, true);
        flipper.Join();
        Assert.That(different, Is.Zero);
    }

    [Test]
    public async Task BlockingCallback_OnTheDispatchsToken_DeadlineEndsAServedWebSocket(CancellationToken cancellationToken)
    {
        using ManualResetEventSlim release = new();
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.Limits.Deadline = s_deadline)
            .AddTenant("tenant", (request, context, _) => Task.FromResult(context.AcceptWebSocket(request, async (socket, token) =>
            {
                token.Register(release.Wait);
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }))));
        HttpRequestMessage handshake = new(HttpMethod.Get, "https://tenant.apps.example.com/");
        handshake.Headers.Connection.Add("Upgrade");
        handshake.Headers.Upgrade.ParseAdd("websocket");
        handshake.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        handshake.Headers.Add("Sec-WebSocket-Version", "13");
        using HttpResponseMessage response = await platform.Namespace.Get("tenant").FetchAsync(handshake, cancellationToken);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        Task<int> read = body.ReadAsync(new byte[10], cancellationToken).AsTask();
        Task first = await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken));
        bool ended = first == read;
        release.Set();
        await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(ended, Is.True);
    }

    [Test]
    public async Task Record_OfAnEndlessUrl_IsMadeSoon(CancellationToken cancellationToken)
    {
        TimeSpan took = default;
        long allocated = 0;
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", async (_, context, token) =>
            {
                Uri uri = new("https://api.example.com/" + string.Concat(Enumerable.Repeat("A1B/", 5_000_000)));
                HttpRequestMessage request = new(HttpMethod.Get, uri);
                long before = GC.GetTotalAllocatedBytes();
                long start = Stopwatch.GetTimestamp();
                try
                {
                    (await context.FetchAsync(request, token)).Dispose();
                }
                catch (InvalidSubrequestException)
                {
                    // Refused.
                }

                took = Stopwatch.GetElapsedTime(start);
                allocated = GC.GetTotalAllocatedBytes() - before;
                return new HttpResponseMessage();
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(2)));
            Assert.That(allocated, Is.LessThan(100_000_000));
        });
    }

    [Test]
    public async Task Worker_HasReadTheTenantsAuthorization_WhatItAddsPrevails(CancellationToken cancellationToken)
    {
        string[] sent = [];
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                GC.KeepAlive(request.Headers.Authorization);
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer secret");
                return context.SendAsync(request, token);
            }))
            .ConfigureEgress(egress => egress.AddHttpMessageHandler(() => new Peek(message => sent = [.. message.Headers.NonValidated["Authorization"]])))
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer   of-tenant");
                return await context.FetchAsync(request, token);
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Assert.That(sent, Is.EqualTo(new[] { "Bearer secret" }));
    }

    // The control of 10.
    [Test]
    public async Task NoCallback_DeadlineEndsAServedWebSocket(CancellationToken cancellationToken)
    {
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.Limits.Deadline = s_deadline)
            .AddTenant("tenant", (request, context, _) => Task.FromResult(context.AcceptWebSocket(
                request, async (socket, token) => await Task.Delay(Timeout.Infinite, CancellationToken.None)))));
        HttpRequestMessage handshake = new(HttpMethod.Get, "https://tenant.apps.example.com/");
        handshake.Headers.Connection.Add("Upgrade");
        handshake.Headers.Upgrade.ParseAdd("websocket");
        handshake.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        handshake.Headers.Add("Sec-WebSocket-Version", "13");
        using HttpResponseMessage response = await platform.Namespace.Get("tenant").FetchAsync(handshake, cancellationToken);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        Task<int> read = body.ReadAsync(new byte[10], cancellationToken).AsTask();
        Task first = await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken));
        Assert.That(first == read, Is.True);
    }

    // A blocking callback on the token that the tenant's content is given: the origin's connection stays open.
    [Test]
    public async Task BlockingCallback_OnTheTokenOfItsBody_ConnectionEndsWithTheDispatch(CancellationToken cancellationToken)
    {
        using ManualResetEventSlim release = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<bool> closed = IsClosedAsync(listener, cancellationToken);
        await using Platform platform = Platform.Create(builder => builder
            .Route("api.example.com", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")
            .Configure(static options => options.Limits.Deadline = s_deadline)
            .AddTenant("tenant", (_, context, token) => context.FetchAsync(
                new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/") { Content = new HoldingContent(release) }, token)));
        await ((Task)platform.FetchAsync(cancellationToken: cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isClosed = await closed;
        release.Set();
        Assert.That(isClosed, Is.True);
    }

    private static async Task<bool> IsClosedAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(cancellationToken);
        using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            while (await client.GetStream().ReadAsync(new byte[10_000], soon.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class HoldingContent(ManualResetEventSlim release) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[5], CancellationToken.None);
            cancellationToken.Register(release.Wait);
            await new TaskCompletionSource().Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 10;
            return true;
        }
    }

    private static async Task<HttpResponseMessage> LaterAsync(Task go)
    {
        await go;
        await Task.Delay(50, CancellationToken.None);
        s_ambient.Value = "of the platform";
        return new HttpResponseMessage();
    }

    private static async Task<long> CountHeadersAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(cancellationToken);
        Stream stream = client.GetStream();
        byte[] buffer = new byte[100_000];
        long total = 0;
        byte[] last = new byte[4];
        while (true)
        {
            int count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                return total;
            }

            total += count;
            if (count >= 4 && buffer.AsSpan(count - 4, 4).SequenceEqual("\r\n\r\n"u8))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), cancellationToken);
                return total;
            }
        }
    }

    private sealed class Peek(Action<HttpRequestMessage> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen(request);
            return Task.FromResult(new HttpResponseMessage());
        }
    }

    private sealed class ChangingContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[10]);
            Headers.Remove("Content-Type");
            Headers.TryAddWithoutValidation("Content-Type", "application/changed");
            Headers.TryAddWithoutValidation("Content-Language", new string('x', 10_000_000));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 10;
            return true;
        }
    }

    private sealed class LengthContent(Action asked) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            asked();
            return false;
        }
    }

    private sealed class GrabbingContent : HttpContent
    {
        public Stream? Got { get; private set; }

        public TaskCompletionSource Done { get; } = new();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Got = stream;
            return Done.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class NoStreamContent() : ByteArrayContent([])
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => new TaskCompletionSource<Stream>().Task;
    }

    private sealed class NeverStream(Action reading) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            reading();
            return new ValueTask<int>(new TaskCompletionSource<int>().Task);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
