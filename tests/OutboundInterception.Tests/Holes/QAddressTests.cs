using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>What the framework says of addresses, and what it connects to.</summary>
[CancelAfter(60_000)]
public class QAddressTests
{
    [TestCase("0.0.0.0")]
    [TestCase("[::ffff:0.0.0.0]")]
    public async Task Q1_AddressThatIsNoLoopbackByName_StillIsOne(string host)
    {
        await using RawServer inside = new(RawServer.Ok);
        Uri uri = new($"http://{host}:{inside.Port}/");
        IPAddress address = IPAddress.Parse(uri.IdnHost);

        Assert.That((uri.IsLoopback, IPAddress.IsLoopback(address)), Is.EqualTo((false, false)), "which a check asks");
        using SocketsHttpHandler dialling = new()
        {
            ConnectCallback = async (context, token) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(address.AddressFamily == AddressFamily.InterNetworkV6 ? address : address.MapToIPv6(), context.DnsEndPoint.Port), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient plain = new(dialling, disposeHandler: false);
        await plain.GetStringAsync(uri);

        Assert.That(inside.Connections, Is.EqualTo(1));

        await RefusedAsync([$"http://{host}:{inside.Port}/", $"http://[::]:{inside.Port}/", $"http://[::1]:{inside.Port}/", $"http://[::ffff:127.0.0.1]:{inside.Port}/"]);
        Assert.That(inside.Connections, Is.EqualTo(1));
    }

    [TestCase("::ffff:127.0.0.2")]
    [TestCase("::127.0.0.1")]
    [TestCase("64:ff9b::7f00:1")]
    [TestCase("2002:7f00:1::")]
    [TestCase("::ffff:0:127.0.0.1")]
    public async Task Q2_AddressInsideAnAddress_Unwrapped(string text)
    {
        IPAddress address = IPAddress.Parse(text);

        Assert.That(IPAddress.IsLoopback(address), Is.False);

        // As a literal, and as what a name resolves to.
        await RefusedAsync([$"http://[{text}]/", "http://resolves.test/"], address);
    }

    [Test]
    public async Task Q2_MappedAddress_ReachedByWhoAsksForLoopbackOnly()
    {
        IPAddress mapped = IPAddress.Parse("::ffff:127.0.0.2");
        using TcpListener inside = new(IPAddress.Parse("127.0.0.2"), 0);
        inside.Start();
        int port = ((IPEndPoint)inside.LocalEndpoint).Port;
        using SocketsHttpHandler sockets = new()
        {
            ConnectCallback = async (context, token) =>
            {
                if (IPAddress.IsLoopback(mapped))
                {
                    throw new HttpRequestException("BLOCKED");
                }

                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(mapped, context.DnsEndPoint.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient plain = new(sockets, disposeHandler: false);
        Task<string> answer = plain.GetStringAsync(Hosts.AllowedUrl(port));
        using (Socket reached = await inside.AcceptSocketAsync())
        {
            await RawServer.ReadHeadAsync(reached, default);
            await reached.SendAsync(System.Text.Encoding.ASCII.GetBytes(RawServer.Ok));
            Assert.That(await answer, Is.EqualTo("ok"));
        }

        await RefusedAsync([$"http://[{mapped}]:{port}/", $"http://resolves.test:{port}/"], mapped);
        Assert.That(inside.Pending(), Is.False);
    }

    [Test]
    public async Task Q4_SecondAddressOfAnAnswer_CheckedToo()
    {
        await using RawServer inside = new(RawServer.Ok);
        IPAddress[] answer = [IPAddress.Parse("127.0.0.2"), IPAddress.Loopback];
        using SocketsHttpHandler firstOnly = new()
        {
            ConnectCallback = async (context, token) =>
            {
                if (!answer[0].Equals(IPAddress.Parse("127.0.0.2")))
                {
                    throw new HttpRequestException("BLOCKED");
                }

                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(answer, context.DnsEndPoint.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient plain = new(firstOnly, disposeHandler: false);
        await plain.GetStringAsync(Hosts.AllowedUrl(inside.Port));

        Assert.That(inside.Connections, Is.EqualTo(1), "where nobody listens at the first, the second is dialled");

        await RefusedAsync(["http://resolves.test/"], IPAddress.Parse("93.184.215.14"), IPAddress.Loopback);
        await RefusedAsync(["http://resolves.test/"], IPAddress.Loopback, IPAddress.Parse("93.184.215.14"));
    }

    private static async Task RefusedAsync(string[] urls, params IPAddress[] answer)
    {
        await using GuardedTenant guarded = new(builder => builder
            .ConfigurePolicy(static policy => policy.AllowHosts("**"))
            .ConfigureConnections(options =>
            {
                options.AllowedNetworks.Clear();
                options.ResolveAsync = (_, _) => new ValueTask<IPAddress[]>(answer);
            }));
        foreach (string url in urls)
        {
            Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync(url));
            Assert.That(failure, Is.TypeOf<OutboundBlockedException>(), url);
        }

        Assert.That(guarded.Records, Has.All.Property("RuleId").EqualTo("address-guard"));
    }
}
