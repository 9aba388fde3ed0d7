using System.Text;
using Microsoft.Extensions.DependencyInjection;
using static OutboundInterception.Tests.Outbound.SocketTests;

namespace OutboundInterception.Tests.Outbound;

[CancelAfter(60_000)]
public class SocketWorkerTests
{
    [Test]
    public async Task ConnectAsync_WorkerForRequestsOnly_DeniedAndSaysWhatToUse()
    {
        RawSocketDeniedException? denied = null;
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            async (context, token) =>
            {
                denied = await Assert.ThrowsAsync<RawSocketDeniedException>(() => context.Sockets.ConnectAsync("echo.example.com", 7, null, token));
                return "";
            },
            static builder => builder.AddOutboundWorker(static _ => new DelegateWorker(static (request, context, token) => context.SendAsync(request, token))));
        await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(denied!.Message, Does.Contain("outbound worker").And.Contain("context.Http"));
            Assert.That(server.Connections, Is.Zero);
            Assert.That((platform.Records.Single().Decision, platform.Records.Single().RuleId), Is.EqualTo((SubrequestDecision.Blocked, "raw-socket")));
        }
    }

    [Test]
    public async Task ConnectAsync_OneOfTwoWorkersHandlesSockets_Denied()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            static (context, token) => TryConnectAsync(context, "echo.example.com", 7, token),
            static builder => builder
                .AddOutboundWorker(static _ => new ConnectWorker(static (connect, context, token) => context.ConnectAsync(connect, token)))
                .AddOutboundWorker(static _ => new DelegateWorker(static (request, context, token) => context.SendAsync(request, token))));

        Assert.That((await platform.GetStringAsync(), server.Connections), Is.EqualTo((nameof(RawSocketDeniedException), 0)));
    }

    [Test]
    public async Task ConnectAsync_WorkerPassesItThrough_SeesTargetAndParameters()
    {
        OutboundParameter<string> customer = new("customer");
        string? seen = null;
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            static async (context, token) =>
            {
                await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                await socket.Stream.WriteAsync("through"u8.ToArray(), token);
                await socket.CloseWriteAsync(token);
                return await ReadToEndAsync(socket, token);
            },
            builder => builder.AddOutboundWorker(
                _ => new ConnectWorker((connect, context, token) =>
                {
                    seen = $"{context.Get(customer)} {context.Tenant} {connect.Host}:{connect.Port} {connect.SecureTransport}";
                    return context.ConnectAsync(connect, token);
                }),
                customer));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(new DispatchOptions().With(customer, "acme")), Is.EqualTo("through"));
            Assert.That(seen, Is.EqualTo("acme tenant echo.example.com:7 Off"));
        }
    }

    [Test]
    public async Task ConnectAsync_WorkerServes_NothingGoesOut()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            static async (context, token) =>
            {
                await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                await socket.Stream.WriteAsync("you"u8.ToArray(), token);
                await socket.CloseWriteAsync(token);
                return await ReadToEndAsync(socket, token);
            },
            static builder => builder.AddOutboundWorker(static _ => new ConnectWorker(static (connect, _, _) => Task.FromResult(connect.Serve(
                static async (stream, token) =>
                {
                    using MemoryStream all = new();
                    await stream.CopyToAsync(all, token);
                    await stream.WriteAsync(Encoding.UTF8.GetBytes($"hello {Encoding.UTF8.GetString(all.ToArray())}"), token);
                })))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("hello you"));
            Assert.That(server.Connections, Is.Zero);
            Assert.That(platform.Records.Single().Decision, Is.EqualTo(SubrequestDecision.Answered));
        }
    }

    [TestCase("policy")]
    [TestCase("own")]
    public async Task ConnectAsync_WorkerRefusesWithABlock_TenantIsBlockedAndNothingIsOpened(string how)
    {
        OutboundBlockedException? blocked = null;
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            async (context, token) =>
            {
                blocked = await Assert.ThrowsAsync<OutboundBlockedException>(() => context.Sockets.ConnectAsync("echo.example.com", 7, null, token));
                return "";
            },
            builder =>
            {
                builder.AddOutboundWorker(_ => new ConnectWorker(async (connect, context, token) =>
                    how == "own" ? throw new OutboundBlockedException(connect.Host) : await context.ConnectAsync(connect, token)));
                if (how == "policy")
                {
                    builder.ConfigurePolicy(static policy => policy.DenyHosts("echo.example.com"));
                }
            });
        await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((blocked!.Host, server.Connections), Is.EqualTo(("echo.example.com", 0)));
            Assert.That(platform.Records.Single().Decision, Is.EqualTo(SubrequestDecision.Blocked));
        }
    }

    [TestCase("throws")]
    [TestCase("throws later")]
    [TestCase("null")]
    [TestCase("null task")]
    public async Task ConnectAsync_WorkerRefusesOrFails_FailureNeverAnEmptySocket(string how)
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            static (context, token) => TryAsync(async () =>
            {
                await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                return $"open and read {await socket.Stream.ReadAsync(new byte[1], token)}";
            }),
            builder => builder.AddOutboundWorker(_ => new ConnectWorker((connect, _, _) => how switch
            {
                "throws" => throw new InvalidOperationException("secret"),
                "throws later" => Task.FromResult(connect.Serve(static (_, _) => throw new InvalidOperationException("secret"))),
                "null" => Task.FromResult<Stream>(null!),
                _ => null!,
            })));

        Assert.That((await platform.GetStringAsync(), server.Connections), Is.EqualTo((nameof(OutboundException), 0)));
    }

    [Test]
    public async Task ConnectAsync_WorkerWrapsTheStream_NotClosedOnOneSideOnly()
    {
        await using TcpServer server = TcpServer.Echo();
        await using Platform platform = Create(
            server,
            static async (context, token) =>
            {
                await using TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                string half = await TryAsync(async () =>
                {
                    await socket.CloseWriteAsync(token);
                    return "closed";
                });
                byte[] echo = new byte[2];
                await socket.Stream.WriteAsync("hi"u8.ToArray(), token);
                await socket.Stream.ReadExactlyAsync(echo, token);
                return $"{half} {Encoding.UTF8.GetString(echo)}";
            },
            static builder => builder.AddOutboundWorker(static _ => new ConnectWorker(static async (connect, context, token) =>
                new BufferedStream(await context.ConnectAsync(connect, token), 1))));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("NotSupportedException hi"));
    }

    [Test]
    public void SocketCapability_Constructors_None()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(typeof(SocketCapability).IsSealed);
            Assert.That(typeof(SocketCapability).GetConstructors(), Is.Empty);
            Assert.That(typeof(TenantSocket).GetConstructors(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic).Single().IsFamilyAndAssembly);
        }
    }
}
