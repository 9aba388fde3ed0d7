using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>Ways in which a tenant could hold the host up, or get more out or in than it may.</summary>
[CancelAfter(60_000)]
public class TenantAttackTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    private static Task<HttpResponseMessage> Get(TenantContext context, CancellationToken token) =>
        context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);

    // Callbacks run one after the other, the newest first: what the tenant registers after the host has begun to read runs before.
    [Test]
    public async Task BlockingCallback_OnTheDispatchsToken_DeadlineEndsTheReadOfTheBody(CancellationToken cancellationToken)
    {
        using ManualResetEventSlim release = new();
        CancellationToken tenants = default;
        await using Platform platform = CreateBounded(builder => builder.AddTenant("tenant", (_, _, token) =>
        {
            tenants = token;
            return Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new NeverStream()) });
        }));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        Task<int> read = body.ReadAsync(new byte[10], CancellationToken.None).AsTask();
        tenants.Register(release.Wait);
        try
        {
            await Eventually.BeAsync(() => read.IsCompleted, cancellationToken, _time);
        }
        finally
        {
            release.Set();
        }

        Assert.That((await Assert.ThrowsAsync<TaskCanceledException>(() => read))!.InnerException, Is.InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task StreamContent_ThatGivesNoStream_DeadlineEndsIt(CancellationToken cancellationToken)
    {
        await using Platform platform = CreateBounded(static builder => builder
            .AddTenant("tenant", static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new NoStreamContent() })));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        Task<int> read = ReadAsync(response.Content);

        // What it writes of itself is all that there is.
        Assert.That(await read.WaitAsync(cancellationToken), Is.Zero);
        await Eventually.BeAsync(() => platform.Namespace.ActiveDispatches == 0, cancellationToken, _time);
    }

    [Test]
    public async Task Response_ContentReplacedAfterItWasReturned_HostsStreamStaysTheHosts([Values] bool hasContent, CancellationToken cancellationToken)
    {
        GrabbingContent evil = new();
        HttpResponseMessage mine = hasContent ? new() { Content = new StringContent("fine") } : new();
        await using Platform platform = Platform.Create(builder => builder.AddTenant("tenant", (_, _, _) => Task.FromResult(mine)));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        if (hasContent)
        {
            mine.Content = evil;
        }
        else
        {
            Assert.That(() => mine.Content = evil, Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => mine.StatusCode = HttpStatusCode.SwitchingProtocols, Throws.InstanceOf<ObjectDisposedException>());
        }

        Assert.That(await response.Content.ReadAsStringAsync(cancellationToken).WaitAsync(cancellationToken), Is.EqualTo(hasContent ? "fine" : string.Empty));
        Assert.That(evil.Got, Is.Null);
    }

    [Test]
    public async Task Response_ContentReplacedWhileItsLengthIsAsked_HostsBufferStaysTheHosts(CancellationToken cancellationToken)
    {
        GrabbingContent evil = new();
        HttpResponseMessage? mine = null;
        await using Platform platform = Platform.Create(builder => builder.AddTenant("tenant", (_, _, _) =>
        {
            mine = new() { Content = new LengthContent(() => mine!.Content = evil) };
            return Task.FromResult(mine);
        }));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        Assert.That(response.Content.Headers.ContentLength, Is.Null);
        using MemoryStream hosts = new();
        await response.Content.CopyToAsync(hosts, cancellationToken).WaitAsync(cancellationToken);

        Assert.That(mine!.Content, Is.SameAs(evil));
        Assert.That(evil.Got, Is.Null);
    }

    [Test]
    public async Task Headers_ManyEmptyValues_AreRefused(CancellationToken cancellationToken)
    {
        Exception? refused = null;
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(static _ => new DelegateWorker(static (_, _, _) => Task.FromResult(new HttpResponseMessage())))
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
                request.Headers.TryAddWithoutValidation("X-A", Enumerable.Repeat(string.Empty, 100_000));
                refused = await Assert.CatchAsync(() => context.FetchAsync(request, token));
                return new HttpResponseMessage();
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();

        Assert.That((refused as InvalidSubrequestException)?.Problem, Is.EqualTo(SubrequestProblem.Header));
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

    // The framework compares each with all before it, on the tenant's call: 60,000 took six seconds.
    [Test]
    public async Task WebSocket_ManySubProtocols_AreRefused([Values(100, 101)] int count, CancellationToken cancellationToken)
    {
        Exception? refused = null;
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(static _ => new DelegateWorker(static (_, _, _) => Task.FromResult(new HttpResponseMessage())))
            .AddTenant("tenant", async (_, context, token) =>
            {
                WebSocketConnectOptions options = new() { SubProtocols = [.. Enumerable.Range(0, count).Select(static number => $"p{number}")] };
                refused = await Assert.CatchAsync(() => context.ConnectWebSocketAsync(new Uri("wss://api.example.com/"), options, token));
                return new HttpResponseMessage();
            }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();

        Assert.That((refused as InvalidSubrequestException)?.Problem, Is.EqualTo(count > 100 ? SubrequestProblem.Header : null));
    }

    // The sandbox has no such type; a tenant that is not verified does.
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
    public async Task BlockingCallback_OnTheDispatchsToken_DeadlineEndsAServedWebSocket([Values] bool blocks, CancellationToken cancellationToken)
    {
        using ManualResetEventSlim release = new();
        TaskCompletionSource serves = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = CreateBounded(builder => builder.AddTenant(
            "tenant",
            (request, context, _) => Task.FromResult(context.AcceptWebSocket(request, async (_, token) =>
            {
                if (blocks)
                {
                    token.Register(release.Wait);
                }

                serves.SetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }))));
        HttpRequestMessage handshake = new(HttpMethod.Get, "https://tenant.apps.example.com/");
        handshake.Headers.Connection.Add("Upgrade");
        handshake.Headers.Upgrade.ParseAdd("websocket");
        handshake.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        handshake.Headers.Add("Sec-WebSocket-Version", "13");
        using HttpResponseMessage response = await platform.Namespace.Get("tenant").FetchAsync(handshake, cancellationToken);
        Task<int> read = ReadAsync(response.Content);
        await serves.Task.WaitAsync(cancellationToken);
        try
        {
            await Eventually.BeAsync(() => read.IsCompleted, cancellationToken, _time);
        }
        finally
        {
            release.Set();
        }
    }

    [Test]
    public async Task Response_TenantChangesHeadersLater_HostsStay()
    {
        HttpResponseMessage kept = new() { Content = new StringContent("text") };
        HttpResponseMessage empty = new() { Headers = { { "X-First", "1" } } };
        await using Platform platform = CreateBounded(builder => builder
            .AddTenant("tenant", (_, _, _) => Task.FromResult(kept))
            .AddTenant("empty", (_, _, _) => Task.FromResult(empty)));
        using HttpResponseMessage response = await platform.FetchAsync();
        using HttpResponseMessage withoutContent = await platform.Namespace.Get("empty").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://empty.apps.example.com/"));
        kept.Content.Headers.ContentType = new("text/html");
        empty.Headers.Add("X-Late", "1");

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"));
        Assert.That(withoutContent.Headers.Select(static header => header.Key), Is.EqualTo(new[] { "X-First" }));
    }

    // Over HTTP/2 the client gives up the connection for each of them, with the answers of other tenants on it.
    [Test]
    public async Task Response_ThatIsNoAnswer_IsRefused([Values(0, 42, 100, 103, 199)] int status, [Values] bool hasContent)
    {
        await using Platform platform = CreateBounded(builder => builder
            .AddTenant("tenant", (_, _, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = hasContent ? new StringContent("data") : null })));

        Assert.That(() => platform.FetchAsync(), Throws.TypeOf<InvalidTenantResponseException>().With.Message.Contains($"{status}"));
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [Test]
    public async Task Response_OfEndlessHeaders_IsRefused([Values] bool ofContent)
    {
        await using Platform platform = CreateBounded(builder => builder.AddTenant("tenant", (_, _, _) =>
        {
            HttpResponseMessage response = new() { Content = ofContent ? new StringContent("data") : null };
            HttpHeaders headers = ofContent ? response.Content!.Headers : response.Headers;
            foreach (int number in Enumerable.Range(0, 34))
            {
                headers.TryAddWithoutValidation($"X-Long-{number}", new string('x', 1000));
            }

            return Task.FromResult(response);
        }));

        Assert.That(() => platform.FetchAsync(), Throws.TypeOf<InvalidTenantResponseException>().With.Message.Contains("longer"));
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [Test]
    public async Task AcceptWebSocket_OptionsThatCannotBe_AreRefusedAtOnce([Values(-5, 5_000_000_000_000)] long milliseconds)
    {
        await using Platform platform = CreateBounded(builder => builder.AddTenant("tenant", (request, context, _) => Task.FromResult(context.AcceptWebSocket(
            request, static (_, _) => Task.CompletedTask, new WebSocketAcceptOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(milliseconds) }))));
        HttpRequestMessage handshake = new(HttpMethod.Get, "https://tenant.apps.example.com/");
        handshake.Headers.Connection.Add("Upgrade");
        handshake.Headers.Upgrade.ParseAdd("websocket");
        handshake.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        handshake.Headers.Add("Sec-WebSocket-Version", "13");

        Assert.That(() => platform.Namespace.Get("tenant").FetchAsync(handshake), Throws.InstanceOf<ArgumentException>());
    }

    // To take its path apart took seconds, and 579 MB.
    [Test]
    public async Task Record_OfAnEndlessUrl_HasNoPath(CancellationToken cancellationToken)
    {
        long allocated = 0;
        Task<HttpResponseMessage>? refused = null;
        await using Platform platform = Platform.Create(builder => builder.AddTenant("tenant", (_, context, token) =>
        {
            HttpRequestMessage request = new(HttpMethod.Get, new Uri("https://api.example.com/" + string.Concat(Enumerable.Repeat("A1B/", 1_000_000))));
            GC.KeepAlive(request.RequestUri!.AbsoluteUri);
            long before = GC.GetAllocatedBytesForCurrentThread();
            refused = context.FetchAsync(request, token);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return Task.FromResult(new HttpResponseMessage());
        }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();

        await Assert.ThrowsAsync<InvalidSubrequestException>(() => refused!);
        Assert.That(platform.Records.Select(static record => record.Path), Is.EqualTo(new[] { "/..." }));
        Assert.That(allocated, Is.LessThan(1_000_000));
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

    // The token that a request's content is given is not the one that ends the connection.
    [Test]
    public async Task BlockingCallback_OnTheTokenOfItsBody_ConnectionEndsWithTheDispatch([Values] bool blocks, CancellationToken cancellationToken)
    {
        using ManualResetEventSlim release = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        TaskCompletionSource holds = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task closed = ReadToEndAsync(listener, cancellationToken);
        await using Platform platform = CreateBounded(builder => builder
            .Route("api.example.com", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")
            .AddTenant("tenant", (_, context, token) => context.FetchAsync(
                new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/") { Content = new HoldingContent(holds, blocks ? release : null) }, token)));
        Task<HttpResponseMessage> fetching = platform.FetchAsync(cancellationToken: cancellationToken);
        await holds.Task.WaitAsync(cancellationToken);
        try
        {
            await Eventually.BeAsync(() => closed.IsCompleted, cancellationToken, _time);
        }
        finally
        {
            release.Set();
        }

        await closed;
        await Assert.ThrowsAsync<TaskCanceledException>(() => fetching);
    }

    private Platform CreateBounded(Action<IDispatchNamespaceBuilder> configure) => Platform.Create(
        builder =>
        {
            builder.Configure(static options => options.Limits.Deadline = s_deadline);
            configure(builder);
        },
        services => services.AddSingleton<TimeProvider>(_time));

    private static async Task<int> ReadAsync(HttpContent content) => await (await content.ReadAsStreamAsync()).ReadAsync(new byte[10]);

    private static async Task ReadToEndAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(cancellationToken);
        try
        {
            while (await client.GetStream().ReadAsync(new byte[10_000], cancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset, which is an end too.
        }
    }

    private sealed class HoldingContent(TaskCompletionSource holds, ManualResetEventSlim? release) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[5], CancellationToken.None);
            if (release is not null)
            {
                cancellationToken.Register(release.Wait);
            }

            holds.SetResult();
            await new TaskCompletionSource().Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 10;
            return true;
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

    private sealed class NeverStream : Stream
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
            => new(new TaskCompletionSource<int>().Task);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
