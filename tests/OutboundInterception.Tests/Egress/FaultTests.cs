using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

/// <summary>
/// Origins that break the rules: each ends in an error that a tenant can name, within its time, and the next request to the
/// same host is well. Time is the test's own, so that nothing waits.
/// </summary>
[Category("Faults")]
[CancelAfter(60_000)]
internal sealed class FaultTests
{
    private const string Head = "HTTP/1.1 200 OK\r\n";

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly TaskCompletionSource _headersRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("ResetOnAccept", (socket, _) => ResetAsync(socket), readsHead: false);
        yield return Case("ResetAfterTheRequest", (socket, _) => ResetAsync(socket));
        yield return Case("ResetWithinTheStatusLine", async (socket, token) =>
        {
            await SendAsync(socket, "HTTP/1.1 2", token);
            await ResetAsync(socket);
        });
        yield return Case("ResetWithinTheHeaders", async (socket, token) =>
        {
            await SendAsync(socket, $"{Head}X-A: b\r\nX-C:", token);
            await ResetAsync(socket);
        });
        yield return Case("ResetWithinTheBody", async (socket, token) =>
        {
            await SendAsync(socket, $"{Head}Content-Length: 10\r\n\r\nhalf", token);
            await ResetAsync(socket);
        });
        yield return Case("EndOnAccept", static (_, _) => Task.CompletedTask, readsHead: false);
        yield return Case("EndAfterTheRequest", static (_, _) => Task.CompletedTask);
        yield return Text("EndWithinTheHeaders", $"{Head}X-A: b\r\n");
        yield return Text("BodyTooShort", $"{Head}Content-Length: 10\r\n\r\nhalf");
        yield return Text("ChunkedBodyWithoutEnd", $"{Head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        yield return Text("ChunkSizeIsNoNumber", $"{Head}Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n0\r\n\r\n");
        yield return Text("ChunkSizeOverflows", $"{Head}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhalf\r\n0\r\n\r\n");
        yield return Text("ChunkSizeIsNegative", $"{Head}Transfer-Encoding: chunked\r\n\r\n-4\r\nhalf\r\n0\r\n\r\n");
        yield return Text("ChunkLongerThanItsSize", $"{Head}Transfer-Encoding: chunked\r\n\r\n2\r\nhalf\r\n0\r\n\r\n");
        yield return Text("ContentLengthIsNoNumber", $"{Head}Content-Length: ten\r\nConnection: close\r\n\r\nhalf", passes: "half");
        yield return Text("TwoContentLengths", $"{Head}Content-Length: 4\r\nContent-Length: 9\r\n\r\nhalf", passes: "half");
        yield return Text("ContentLengthAndChunked", $"{Head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n\r\n", passes: "half");
        yield return Text("BodyTooLong", $"{Head}Content-Length: 4\r\n\r\nhalfHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", passes: "half");
        yield return Text("UnknownTransferEncoding", $"{Head}Transfer-Encoding: mystery\r\n\r\nhalf", passes: "half");
        yield return Text("NoHttp", "220 mail.example.com ESMTP\r\n\r\n");
        yield return Text("Http99", "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n");
        yield return Text("StatusOfFiveDigits", "HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n");
        yield return Text("Zeros", new string('\0', 100_000));
        yield return Text("HugeStatusLine", $"HTTP/1.1 200 {new string('x', 1_000_000)}\r\nContent-Length: 0\r\n\r\n");
        yield return Text("HundredThousandHeaders", $"{Head}{string.Concat(Enumerable.Range(0, 100_000).Select(static index => $"X-{index}: v\r\n"))}\r\n");
        yield return Text("HeaderWithoutColon", $"{Head}no colon here\r\nContent-Length: 0\r\n\r\n");
        yield return Text("SwitchesProtocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\n");
        yield return Endless("EndlessStatusLine", "HTTP/1.1 200 ", "xxxxxxxxxxxxxxxx");
        yield return Endless("EndlessHeader", $"{Head}X: ", "xxxxxxxxxxxxxxxx");
        yield return Endless("EndlessHeaders", Head, "X-A: b\r\n");
        yield return Endless("EndlessChunkExtension", $"{Head}Transfer-Encoding: chunked\r\n\r\n4;", "xxxxxxxxxxxxxxxx");
        yield return Endless("EndlessTrailers", $"{Head}Transfer-Encoding: chunked\r\n\r\n4\r\nfull\r\n0\r\n", "X-A: b\r\n");
        yield return Endless("EndlessBody", $"{Head}Connection: close\r\n\r\n", "xxxxxxxxxxxxxxxx", typeof(DispatchLimitException));
        yield return Endless("EndlessChunks", $"{Head}Transfer-Encoding: chunked\r\n\r\n", "4\r\nxxxx\r\n", typeof(DispatchLimitException));
    }

    private static IEnumerable<TestCaseData> Slow()
    {
        // What has no headers in time fails by itself; a body has as long as its dispatch.
        yield return Hanging("HalfOpen", "", "", typeof(OutboundException));
        yield return Hanging("HangWithinTheStatusLine", "HTTP/1.1 2", "", typeof(OutboundException));
        yield return Hanging("SlowHeaders", Head, "X-A: b\r\n", typeof(OutboundException));
        yield return Hanging("EndlessInformational", "", "HTTP/1.1 100 Continue\r\n\r\n", typeof(OutboundException));
        yield return Hanging("EndlessEarlyHints", "", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", typeof(OutboundException));
        yield return Hanging("HangWithinTheBody", $"{Head}Content-Length: 10\r\n\r\nhalf", "", typeof(TaskCanceledException));
        yield return Hanging("SlowBody", $"{Head}Content-Length: 1000000\r\n\r\n", "x", typeof(TaskCanceledException));
        yield return Hanging("SlowChunks", $"{Head}Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", typeof(TaskCanceledException));
    }

    [TestCaseSource(nameof(Broken))]
    public async Task FetchAsync_OriginBreaksTheRules_FailsTypedAndTheNextIsWell(Func<Socket, CancellationToken, Task> fault, Type expected, string? passes)
    {
        await using RawServer server = new((socket, token) => ServeAsync(socket, fault, token));
        await using Platform platform = Create(server);

        Task<string> faulty = FetchAsync(platform, "/fault");
        Exception? failure = await CatchAsync(faulty);
        string healthy = await FetchAsync(platform, "/healthy");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, passes is null ? Is.TypeOf(expected) : Is.Null);
            Assert.That(passes is null || await faulty == passes, "nothing beside the body is told of");
            Assert.That(healthy, Is.EqualTo("ok"));
        }
    }

    [TestCaseSource(nameof(Slow))]
    public async Task FetchAsync_OriginIsSlow_EndsInTimeAndTheNextIsWell(Func<Socket, CancellationToken, Task> fault, Type expected)
    {
        await using RawServer server = new((socket, token) => ServeAsync(socket, fault, token));
        await using Platform platform = Create(server);

        Task<string> slow = FetchAsync(platform, "/fault");
        bool isLateHead = expected == typeof(OutboundException);
        await (isLateHead ? _arrived.Task : _headersRead.Task);
        _time.Advance(TimeSpan.FromSeconds(isLateHead ? 29 : 99));
        Assert.That(slow.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(2));
        Exception? failure = await CatchAsync(slow);
        string healthy = await FetchAsync(platform, "/healthy");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, Is.TypeOf(expected));
            Assert.That(failure is not TaskCanceledException || failure.InnerException is TimeoutException);
            Assert.That(healthy, Is.EqualTo("ok"));
        }
    }

    [Test]
    public async Task FetchAsync_HandshakeBreaks_FailsTyped([Values] bool isReset)
    {
        int connections = 0;
        await using RawServer server = new(async (socket, token) =>
        {
            Interlocked.Increment(ref connections);
            await socket.ReceiveAsync(new byte[16], token);
            if (isReset)
            {
                await ResetAsync(socket);
            }
            else
            {
                await SendAsync(socket, "this is no handshake, and never will be\r\n", token);
            }
        });
        await using Platform platform = Create(server, "https");

        Assert.That(await CatchAsync(FetchAsync(platform, "/fault")), Is.TypeOf<OutboundException>());
        Assert.That(await CatchAsync(FetchAsync(platform, "/fault")), Is.TypeOf<OutboundException>());
        Assert.That(connections, Is.EqualTo(2));
    }

    [Test]
    public async Task FetchAsync_KeptConnectionWasClosed_IsWell()
    {
        await using RawServer server = new(static async (socket, token) =>
        {
            await RawServer.ReadHeadAsync(socket, token);
            await SendAsync(socket, RawServer.Ok, token);

            // As servers do. A reset that meets the next request would fail that; only a retry of the request would help.
            await EndAsync(socket, token);
        });
        await using Platform platform = Create(server);

        for (int round = 0; round < 5; round++)
        {
            Assert.That(await FetchAsync(platform, "/"), Is.EqualTo("ok"));
        }
    }

    [Test]
    public async Task FetchAsync_NobodyListens_FailsTyped()
    {
        RawServer server = new();
        await using Platform platform = Create(server);
        await server.DisposeAsync();

        Assert.That(await CatchAsync(FetchAsync(platform, "/")), Is.TypeOf<OutboundException>());
    }

    [Test]
    public async Task FetchAsync_NameDoesNotResolve_FailsTypedAndIsAskedAgain()
    {
        await using RawServer server = new();
        int asked = 0;
        await using Platform platform = CreateResolving(_ =>
            Interlocked.Increment(ref asked) == 1 ? throw new SocketException((int)SocketError.TryAgain) : [IPAddress.Loopback]);

        Exception? failure = await CatchAsync(FetchAsync(platform, "/", server.Port));

        Assert.That(failure, Is.TypeOf<OutboundException>());
        Assert.That(await FetchAsync(platform, "/", server.Port), Is.EqualTo("ok"));
    }

    [Test]
    public async Task FetchAsync_ResolverHangs_FailsTypedInTimeAndIsAskedAgain()
    {
        await using RawServer server = new();
        int asked = 0;
        TaskCompletionSource<IPAddress[]> never = new();
        await using Platform platform = CreateResolving(async _ =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                _arrived.SetResult();
                return await never.Task;
            }

            return [IPAddress.Loopback];
        });

        Task<string> slow = FetchAsync(platform, "/", server.Port);
        await _arrived.Task;
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(slow.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(await CatchAsync(slow), Is.TypeOf<OutboundException>());
        Assert.That(await FetchAsync(platform, "/", server.Port), Is.EqualTo("ok"));
    }

    [Test]
    public async Task FetchAsync_NameFlipsBetweenPublicAndPrivate_OnlyTheAllowedAddressIsReached()
    {
        await using RawServer server = new(static async (socket, token) =>
        {
            await RawServer.ReadHeadAsync(socket, token);
            await SendAsync(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", token);
        });
        IPAddress inside = IPAddress.Parse("10.0.0.1");
        int asked = 0;
        await using Platform platform = CreateResolving(_ => (Interlocked.Increment(ref asked) % 3) switch
        {
            1 => [IPAddress.Loopback],
            2 => [inside],
            _ => [IPAddress.Loopback, inside],
        });

        for (int round = 0; round < 9; round++)
        {
            Exception? failure = await CatchAsync(FetchAsync(platform, "/", server.Port));
            Assert.That(failure, round % 3 == 0 ? Is.Null : Is.TypeOf<OutboundBlockedException>());
        }

        Assert.That(server.Connections, Is.EqualTo(3));
    }

    // Alone, because the heap is everybody's.
    [Test, NonParallelizable]
    public async Task FetchAsync_FaultsOverAndOver_MemoryStaysFlat()
    {
        Func<Socket, CancellationToken, Task>[] faults = [.. Broken().Select(static data => (Func<Socket, CancellationToken, Task>)data.Arguments[0]!)];
        int next = 0;
        await using RawServer server = new((socket, token) => ServeAsync(socket, faults[Interlocked.Increment(ref next) % faults.Length], token));
        await using Platform platform = Create(server);
        List<long> sizes = [];
        for (int lap = 0; lap < 8; lap++)
        {
            await RoundsAsync(platform, faults.Length * 2);
            sizes.Add(Measure());
        }

        // Some 75 failures a lap: if half of them left a connection's buffer behind (64 KiB), it would show.
        Assert.That(Growth(sizes), Is.LessThan(2 << 20), string.Join(' ', sizes));
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [Test, NonParallelizable]
    public async Task FetchAsync_HealthyOverAndOver_MemoryStaysFlat()
    {
        await using RawServer server = new((socket, token) => ServeAsync(socket, static (_, _) => Task.CompletedTask, token));
        await using Platform platform = Create(server);
        List<long> sizes = [];
        // Many: each thread of the pool that comes to one of these keeps a buffer, and after a whole run there are many.
        for (int lap = 0; lap < 24; lap++)
        {
            for (int round = 0; round < 300; round++)
            {
                Assert.That(await FetchAsync(platform, "/healthy"), Is.EqualTo("ok"));
            }

            platform.Records.Clear();
            sizes.Add(Measure());
        }

        // 1 KiB that each request left behind would show.
        Assert.That(Growth(sizes), Is.LessThan(300 << 10), string.Join(' ', sizes));
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
        Assert.That(server.Connections, Is.EqualTo(1));
    }

    // By lap, the median: what is left behind grows with each, and what a pool or other tests' last work takes does not.
    private static long Growth(List<long> sizes) => sizes.Zip(sizes.Skip(1), static (before, after) => after - before).Order().ElementAt((sizes.Count - 1) / 2);

    private static long Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task RoundsAsync(Platform platform, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            await CatchAsync(FetchAsync(platform, "/fault"));
        }

        platform.Records.Clear();
    }

    private static TestCaseData Case(string name, Func<Socket, CancellationToken, Task> fault, bool readsHead = true) =>
        new TestCaseData(
            readsHead
                ? async (Socket socket, CancellationToken token) =>
                {
                    await RawServer.ReadHeadAsync(socket, token);
                    await fault(socket, token);
                }
    : fault,
            typeof(OutboundException),
            null)
        { TestName = $"{{m}}({name})" };

    private static TestCaseData Text(string name, string answer, string? passes = null) => new(
        async (Socket socket, CancellationToken token) =>
        {
            await RawServer.ReadHeadAsync(socket, token);
            await SendAsync(socket, answer, token);
            await EndAsync(socket, token);
        },
        typeof(OutboundException),
        passes)
    { TestName = $"{{m}}({name})" };

    private static TestCaseData Endless(string name, string start, string repeated, Type? expected = null) => new(
        async (Socket socket, CancellationToken token) =>
        {
            await RawServer.ReadHeadAsync(socket, token);
            await SendAsync(socket, start, token);
            string block = string.Concat(Enumerable.Repeat(repeated, 1024));
            while (true)
            {
                await SendAsync(socket, block, token);
            }
        },
        expected ?? typeof(OutboundException),
        null)
    { TestName = $"{{m}}({name})" };

    private static TestCaseData Hanging(string name, string start, string drip, Type expected) => new(
        async (Socket socket, CancellationToken token) =>
        {
            await RawServer.ReadHeadAsync(socket, token);
            await SendAsync(socket, start, token);
            Task<int> gone = socket.ReceiveAsync(new byte[1], token).AsTask();
            while (!gone.IsCompleted)
            {
                if (drip.Length > 0)
                {
                    await SendAsync(socket, drip, token);
                    await Task.Yield();
                }
                else
                {
                    await gone;
                }
            }
        },
        expected)
    { TestName = $"{{m}}({name})" };

    private static async Task SendAsync(Socket socket, string text, CancellationToken token) =>
        await socket.SendAsync(Encoding.Latin1.GetBytes(text), token);

    private static Task ResetAsync(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        return Task.CompletedTask;
    }

    // Closing with bytes unread would reset the connection, and with it what was sent.
    private static async Task EndAsync(Socket socket, CancellationToken token)
    {
        socket.Shutdown(SocketShutdown.Send);
        byte[] rest = new byte[256];
        while (await socket.ReceiveAsync(rest, token) > 0)
        {
        }
    }

    private static async Task<string> FetchAsync(Platform platform, string path, int port = 0)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"https://tenant.apps.example.com{path}?{port}");
        using HttpResponseMessage response = await platform.Namespace.Get("tenant").FetchAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<Exception?> CatchAsync(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    // Its first connection is the fault's; a healthy answer is for whoever asks for it.
    private async Task ServeAsync(Socket socket, Func<Socket, CancellationToken, Task> fault, CancellationToken token)
    {
        byte[] start = new byte[8];
        int count = await socket.ReceiveAsync(start, SocketFlags.Peek, token);
        while (count < start.Length && count > 0)
        {
            count = await socket.ReceiveAsync(start, SocketFlags.Peek, token);
        }

        _arrived.TrySetResult();
        if (count == 0 || !Encoding.Latin1.GetString(start).StartsWith("GET /hea", StringComparison.Ordinal))
        {
            await fault(socket, token);
            return;
        }

        while (await RawServer.ReadHeadAsync(socket, token) is not null)
        {
            await SendAsync(socket, RawServer.Ok, token);
        }
    }

    private Platform Create(RawServer server, string scheme = "http") =>
        Create(builder => builder.Route("api.example.com", $"{scheme}://127.0.0.1:{server.Port}"));

    private Platform CreateResolving(Func<string, IPAddress[]> resolve) => CreateResolving(host => new ValueTask<IPAddress[]>(resolve(host)));

    private Platform CreateResolving(Func<string, ValueTask<IPAddress[]>> resolve) => Create(builder => builder
        .Configure(static options => options.UrlStrictness = UrlStrictness.Literal)
        .ConfigureConnections(options =>
        {
            options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
            options.ResolutionLifetime = TimeSpan.Zero;
            options.ResolveAsync = (host, _) => resolve(host);
        }));

    private Platform Create(Action<IDispatchNamespaceBuilder> configure) => Platform.Create(
        builder => configure(builder
            .AddTenant("tenant", async (request, context, token) =>
            {
                string port = request.RequestUri!.Query.TrimStart('?');
                string url = $"http://api.example.com{(port == "0" ? "" : $":{port}")}{request.RequestUri.AbsolutePath}";
                await using Stream body = await context.Http.GetStreamAsync(url, token);
                _headersRead.TrySetResult();
                byte[] buffer = new byte[4096];
                StringBuilder start = new();
                while (await body.ReadAsync(buffer, token) is > 0 and int count)
                {
                    start.Append(Encoding.Latin1.GetString(buffer, 0, start.Length < 4096 ? count : 0));
                }

                return new HttpResponseMessage { Content = new StringContent(start.ToString()) };
            })
            .Configure(static options => options.Limits.ResponseBytes = 1 << 20)),
        services => services.AddSingleton<TimeProvider>(_time));
}
