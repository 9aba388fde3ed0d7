using System.Net.Security;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Outbound;

[CancelAfter(60_000)]
public class SocketTests
{
    [Test]
    public async Task ConnectAsync_NoWorker_BytesGoBothWaysAndAreRecorded()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(server, static async (context, token) =>
        {
            await using TenantSocket socket = await context.Sockets.ConnectAsync("ECHO.example.com.", 7, null, token);
            await socket.Stream.WriteAsync("hello"u8.ToArray(), token);
            await socket.CloseWriteAsync(token);
            return $"{await ReadToEndAsync(socket, token)} {socket.Opened.RemoteAddress} {socket.Opened.SecureTransport} {socket.Closed.IsCompletedSuccessfully}";
        });

        string answer = await platform.GetStringAsync();

        SubrequestRecord record = platform.Records.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo("hello echo.example.com:7 Off True"));
            Assert.That((record.Method, record.Url, record.Decision), Is.EqualTo(("CONNECT", "tcp://echo.example.com:7/", SubrequestDecision.Sent)));
            Assert.That((record.RequestBytes, record.ResponseBytes), Is.EqualTo((5L, 5L)));
        }
    }

    [Test]
    public async Task Write_SeveralThreadsAtOnce_RecordHasAllBytes()
    {
        const int Each = 50_000;
        await using Platform platform = Platform.Create(static builder => builder
            .AddOutboundWorker(static _ => new ConnectWorker(static (_, _, _) => Task.FromResult(Stream.Null)))
            .AddTenant("tenant", static async (_, context, token) =>
            {
                await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                Stream stream = socket.Stream;
                using Barrier start = new(4);
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                    () =>
                    {
                        byte[] one = [1];
                        start.SignalAndWait(CancellationToken.None);
                        for (int count = 0; count < Each; count++)
                        {
                            stream.Write(one);
                        }
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default)));
                return new HttpResponseMessage();
            }));
        (await platform.FetchAsync()).Dispose();

        Assert.That(platform.Records.Single().RequestBytes, Is.EqualTo(4 * Each));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ReadAsync_OtherSideFinishes_WritingGoesOnOnlyIfHalfOpenIsAllowed(bool allowHalfOpen)
    {
        TaskCompletionSource<string> received = new();
        await using TcpServer server = new(async (stream, token) =>
        {
            stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            using StreamReader reader = new(stream);
            received.SetResult(await reader.ReadToEndAsync(token));
        });
        await using Platform platform = Create(server, async (context, token) =>
        {
            await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, new() { AllowHalfOpen = allowHalfOpen }, token);
            int end = await socket.Stream.ReadAsync(new byte[1], token);
            bool closed = socket.Closed.IsCompleted;
            return await TryAsync(async () =>
            {
                await socket.Stream.WriteAsync("late"u8.ToArray(), token);
                await socket.CloseWriteAsync(token);
                return $"{end} {closed} {socket.Closed.IsCompletedSuccessfully}";
            });
        });

        string answer = await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo(allowHalfOpen ? "0 False True" : nameof(ObjectDisposedException)));
            Assert.That(await received.Task, Is.EqualTo(allowHalfOpen ? "late" : ""));
        }
    }

    [TestCase(SecureTransport.On)]
    [TestCase(SecureTransport.StartTls)]
    public async Task ConnectAsync_Tls_CertificateOfTheHostThatWasAskedFor(SecureTransport transport)
    {
        using TestAuthority authority = new();
        await using TcpServer server = TlsEcho(authority, "echo.example.com", transport);
        await using Platform platform = Create(
            server,
            async (context, token) =>
            {
                await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, new() { SecureTransport = transport }, token);
                if (transport == SecureTransport.StartTls)
                {
                    await socket.Stream.WriteAsync("STARTTLS\n"u8.ToArray(), token);
                    await socket.StartTlsAsync(token);
                }

                await socket.Stream.WriteAsync("secret"u8.ToArray(), token);
                await socket.CloseWriteAsync(token);
                return $"{await ReadToEndAsync(socket, token)} {socket.Opened.SecureTransport}";
            },
            builder => builder.ConfigureConnections(options => options.TrustedRoots.Add(authority.Certificate)));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("secret On"));
    }

    [TestCase(SecureTransport.On)]
    [TestCase(SecureTransport.StartTls)]
    public async Task ConnectAsync_CertificateOfAnother_Refused(SecureTransport transport)
    {
        using TestAuthority authority = new();
        await using TcpServer server = TlsEcho(authority, "other.example.com", transport);
        await using Platform platform = Create(
            server,
            (context, token) => TryAsync(async () =>
            {
                await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, new() { SecureTransport = transport }, token);
                await socket.Stream.WriteAsync("STARTTLS\n"u8.ToArray(), token);
                await socket.StartTlsAsync(token);
                return "open";
            }),
            builder => builder.ConfigureConnections(options => options.TrustedRoots.Add(authority.Certificate)));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(nameof(OutboundException)));
    }

    [TestCase("blocked.example", 443, nameof(OutboundBlockedException))]
    [TestCase("echo.example.com", 25, nameof(OutboundBlockedException))]
    [TestCase("169.254.169.254", 80, nameof(OutboundBlockedException))]
    [TestCase("0x7f.1", 80, nameof(OutboundBlockedException))]
    [TestCase("::1", 80, nameof(OutboundBlockedException))]
    [TestCase("[::1]", 80, nameof(OutboundBlockedException))]
    [TestCase("echo.example.com", 0, nameof(InvalidSubrequestException))]
    [TestCase("echo.example.com", 65536, nameof(InvalidSubrequestException))]
    [TestCase("echo.example.com:7", 7, nameof(InvalidSubrequestException))]
    [TestCase("http://echo.example.com", 7, nameof(InvalidSubrequestException))]
    [TestCase("echo.example.com\r\n", 7, nameof(InvalidSubrequestException))]
    [TestCase("", 7, nameof(InvalidSubrequestException))]
    public async Task ConnectAsync_NotAllowed_NothingIsOpened(string host, int port, string expected)
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            (context, token) => TryConnectAsync(context, host, port, token),
            static builder => builder.ConfigurePolicy(static policy => policy.DenyHosts("blocked.example")));

        string answer = await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo(expected));
            Assert.That(server.Connections, Is.Zero);
            Assert.That(platform.Records.Single().Decision, Is.EqualTo(
                expected == nameof(OutboundBlockedException) ? SubrequestDecision.Blocked : SubrequestDecision.Rejected));
        }
    }

    [Test]
    public async Task ConnectAsync_Port25IsAllowed_Opens()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            static (context, token) => TryConnectAsync(context, "echo.example.com", 25, token),
            static builder => builder.ConfigureConnections(static options => options.AllowPort25 = true));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("open"));
    }

    [Test]
    public async Task ConnectAsync_PolicyAllowsHttpOnly_Blocked()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            static (context, token) => TryConnectAsync(context, "echo.example.com", 443, token),
            static builder => builder.ConfigurePolicy(static policy => policy.Allow(static rule => rule.Hosts("echo.example.com").Schemes("https"))));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(nameof(OutboundBlockedException)));
    }

    [Test]
    public async Task ConnectAsync_DenyAllOrKilled_Blocked()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server, static (context, token) => TryConnectAsync(context, "echo.example.com", 7, token), static builder => builder.DenyAllOutbound());

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(nameof(OutboundBlockedException)));
    }

    [Test]
    public async Task ConnectAsync_Limits_CountSocketsAndBytes()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(server, static async (context, token) =>
        {
            await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
            string second = await TryConnectAsync(context, "echo.example.com", 7, token);
            string bytes = await TryAsync(async () =>
            {
                await socket.Stream.WriteAsync(new byte[11], token);
                return "sent";
            });
            string closed = await TryAsync(async () =>
            {
                await socket.Closed;
                return "closed";
            });
            return $"{second} {bytes} {closed}";
        });

        string answer = await platform.GetStringAsync(new DispatchOptions { Limits = new() { Subrequests = 1, RequestBytes = 10 } });

        Assert.That(answer, Is.EqualTo("DispatchLimitException DispatchLimitException DispatchLimitException"));
    }

    [Test]
    public async Task Socket_KeptBeyondTheDispatch_StopsWithAClearException()
    {
        TenantSocket? kept = null;
        SocketCapability? capability = null;
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(server, async (context, token) =>
        {
            capability = context.Sockets;
            kept = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
            return "kept";
        });
        await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            await Assert.ThatAsync(() => kept!.Stream.ReadAsync(new byte[1]).AsTask(), Throws.TypeOf<DispatchEndedException>());
            await Assert.ThatAsync(() => kept!.Stream.WriteAsync(new byte[1]).AsTask(), Throws.TypeOf<DispatchEndedException>());
            await Assert.ThatAsync(() => kept!.StartTlsAsync(), Throws.TypeOf<DispatchEndedException>());
            await Assert.ThatAsync(() => kept!.CloseWriteAsync(), Throws.TypeOf<DispatchEndedException>());
            await Assert.ThatAsync(() => kept!.Closed, Throws.Exception);
            await Assert.ThatAsync(() => capability!.ConnectAsync("echo.example.com", 7), Throws.TypeOf<DispatchEndedException>());
            Assert.That(() => kept!.Dispose(), Throws.Nothing);
            Assert.That(platform.Records, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public async Task ReadAsync_DispatchIsCancelledMeanwhile_Ends()
    {
        TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<string> outcome = new();
        using CancellationTokenSource cancellation = new();
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(server, async (context, token) =>
        {
            TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
            ValueTask<int> read = socket.Stream.ReadAsync(new byte[1], CancellationToken.None);
            reading.SetResult();
            outcome.SetResult(await TryAsync(async () => $"{await read}"));
            return "";
        });
        Task<HttpResponseMessage> running = platform.FetchAsync(null, cancellation.Token);
        await reading.Task;

        await cancellation.CancelAsync();

        await Assert.ThatAsync(() => running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await outcome.Task, Is.AnyOf(nameof(TaskCanceledException), nameof(DispatchEndedException)));
    }

    [Test]
    public async Task ReadAsync_TenantDisposesItMeanwhile_SaysSo()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(server, static async (context, token) =>
        {
            TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
            ValueTask<int> read = socket.Stream.ReadAsync(new byte[1], token);
            socket.Dispose();
            return await TryAsync(async () => $"{await read}");
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(nameof(ObjectDisposedException)));
        Assert.That(platform.Records.Single().Failure, Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Socket_StillOpenWhenTheDispatchEnds_IsCutOnBothSides(bool byDeadline)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<string> seenByServer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string>? outcome = null;
        await using TcpServer server = new(async (stream, token) => seenByServer.SetResult(await TryAsync(async () => $"{await stream.ReadAsync(new byte[1], token)}")));
        await using Platform platform = Create(
            server,
            async (context, token) =>
            {
                TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                outcome = TryAsync(async () => $"{await socket.Stream.ReadAsync(new byte[1], CancellationToken.None)}");
                reading.SetResult();
                if (byDeadline)
                {
                    await outcome;
                }

                return "done";
            },
            configureServices: services => services.AddSingleton<TimeProvider>(time));
        Task<string> running = platform.GetStringAsync(new DispatchOptions { Limits = new() { Deadline = TimeSpan.FromMinutes(5) } });
        await reading.Task;

        if (byDeadline)
        {
            time.Advance(TimeSpan.FromMinutes(6));
            await Assert.ThatAsync(() => running, Throws.InstanceOf<TaskCanceledException>().With.InnerException.TypeOf<TimeoutException>());
        }
        else
        {
            await running;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await outcome!.WaitAsync(TimeSpan.FromMinutes(1)), Is.AnyOf(nameof(TaskCanceledException), nameof(DispatchEndedException)));
            Assert.That(await seenByServer.Task.WaitAsync(TimeSpan.FromMinutes(1)), Is.AnyOf("0", nameof(IOException)));
            Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
        }
    }

    private static TcpServer TlsEcho(TestAuthority authority, string name, SecureTransport transport) => new(async (stream, token) =>
    {
        if (transport == SecureTransport.StartTls)
        {
            byte[] greeting = new byte["STARTTLS\n".Length];
            await stream.ReadExactlyAsync(greeting, token);
        }

        using var certificate = authority.Issue(name);
        await using SslStream secure = new(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, token);
        await secure.CopyToAsync(secure, token);
    });

    internal static Platform Create(
        TcpServer server, Func<TenantContext, CancellationToken, Task<string>> tenant, Action<IDispatchNamespaceBuilder>? configure = null,
        Action<IServiceCollection>? configureServices = null) => Platform.Create(
        builder =>
        {
            builder
                .AddTenant("tenant", async (_, context, token) => new HttpResponseMessage { Content = new StringContent(await tenant(context, token)) })
                .Route("echo.example.com", $"http://127.0.0.1:{server.Port}");
            configure?.Invoke(builder);
        },
        configureServices);

    internal static Task<string> TryConnectAsync(TenantContext context, string host, int port, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await using TenantSocket socket = await context.Sockets.ConnectAsync(host, port, null, cancellationToken);
        return "open";
    });

    internal static async Task<string> TryAsync(Func<Task<string>> attempt)
    {
        try
        {
            return await attempt();
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    internal static async Task<string> ReadToEndAsync(TenantSocket socket, CancellationToken cancellationToken)
    {
        using MemoryStream all = new();
        await socket.Stream.CopyToAsync(all, cancellationToken);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
