using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Holes;

/// <summary>Name resolution and connections that several requests share.</summary>
[CancelAfter(60_000)]
public class GPoolTests
{
    [Test]
    public async Task G1_NameThatIsResolvedTwice_ConnectsToWhatWasChecked()
    {
        await using RawServer inside = new(RawServer.Ok);
        Queue<IPAddress> answers = new([IPAddress.Parse("93.184.215.14"), IPAddress.Loopback, IPAddress.Loopback]);
        IPAddress @checked = answers.Dequeue();
        using SocketsHttpHandler sockets = new()
        {
            ConnectCallback = async (context, token) =>
            {
                System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(answers.Dequeue(), context.DnsEndPoint.Port, token);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient plain = new(sockets, disposeHandler: false);
        await plain.GetStringAsync(Hosts.AllowedUrl(inside.Port));

        Assert.That(@checked, Is.Not.EqualTo(IPAddress.Loopback), "a public address was checked, another dialled");
        Assert.That(inside.Connections, Is.EqualTo(1));

        Queue<IPAddress> again = new([IPAddress.Loopback, IPAddress.Parse("93.184.215.14")]);
        await using GuardedTenant guarded = new(builder => builder.ConfigureConnections(options =>
        {
            options.AllowedNetworks.Clear();
            options.ResolveAsync = (_, _) => new ValueTask<IPAddress[]>([again.Dequeue()]);
        }));
        Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync(Hosts.AllowedUrl(inside.Port)));

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>());
        Assert.That(again, Has.Count.EqualTo(1), "the one answer decides");
        Assert.That(inside.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task G2_ConnectionOfAnotherTenant_DecidedForEachRequest()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        string tenant = "first";
        using PlainClient plain = new(sockets => sockets.ConnectCallback = (context, token) =>
            tenant == "first" ? PlainClient.ConnectAsync(context, token) : throw new HttpRequestException("BLOCKED"));
        await plain.Http.GetStringAsync(url);
        tenant = "second";

        Assert.That(await plain.Other.GetStringAsync(url), Is.EqualTo("ok"), "the callback is not asked again");

        await using GuardedTenant guarded = new(static builder => builder.ConfigurePolicy(static policy => policy
            .ForTenant("other", static other => other.DenyHosts(Hosts.Allowed))));
        await guarded.GetAsync(url);
        Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync(url), "other");

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>());
        Assert.That(server.Heads, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task G3_RequestThatOpenedTheConnection_SaysNothingOfTheNext()
    {
        await using RawServer server = new(RawServer.Ok);
        List<string> opened = [];
        using PlainClient plain = new(sockets => sockets.ConnectCallback = (context, token) =>
        {
            opened.Add(context.InitialRequestMessage.RequestUri!.AbsolutePath);
            return PlainClient.ConnectAsync(context, token);
        });
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(server.Port, "/of-first"));
        await plain.Other.GetStringAsync(Hosts.AllowedUrl(server.Port, "/of-second"));

        Assert.That(opened, Is.EqualTo(new[] { "/of-first" }));

        await using GuardedTenant guarded = new();
        await guarded.GetAsync(Hosts.AllowedUrl(server.Port, "/of-first"));
        await guarded.GetAsync(Hosts.AllowedUrl(server.Port, "/of-second"), "other");

        Assert.That(server.Connections, Is.EqualTo(2), "one for each half of this test");
        Assert.That(guarded.Records.Select(static record => $"{record.Tenant} {new Uri(record.Url).AbsolutePath}"), Is.EqualTo(new[] { "tenant /of-first", "other /of-second" }));
    }

    [Test]
    public async Task G4_ConnectionThatOutlivesAChange_IsGivenUp()
    {
        await using RawServer old = new(RawServer.Ok);
        await using RawServer moved = new(RawServer.Ok);
        RawServer current = old;
        using PlainClient plain = new(sockets => sockets.ConnectCallback = async (context, token) =>
        {
            System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, current.Port, token);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        });
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(80));
        current = moved;
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(80));

        Assert.That((old.Heads.Count, moved.Heads.Count), Is.EqualTo((2, 0)), "the old address is still spoken to");
        Assert.That(plain.Sockets.PooledConnectionLifetime, Is.EqualTo(Timeout.InfiniteTimeSpan), "and for ever");

        // The pool reads the machine's clock, in milliseconds.
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new(static builder => builder.ConfigureConnections(static options =>
        {
            options.PooledConnectionLifetime = TimeSpan.FromTicks(1);
            options.ResolutionLifetime = TimeSpan.Zero;
        }));
        await guarded.GetAsync(Hosts.AllowedUrl(server.Port));
        long opened = Environment.TickCount64;
        SpinWait.SpinUntil(() => Environment.TickCount64 > opened + 50);
        await guarded.GetAsync(Hosts.AllowedUrl(server.Port));

        Assert.That(server.Connections, Is.EqualTo(2));
        Assert.That(guarded.Resolved, Has.Count.EqualTo(2));
        Assert.That(new EgressOptions().PooledConnectionLifetime, Is.EqualTo(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public async Task G4_PolicyChange_CountsOnAWarmConnection()
    {
        await using RawServer server = new(RawServer.Ok);
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("tenant", async (_, context, token) =>
                {
                    try
                    {
                        return await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example.com/"), token);
                    }
                    catch (OutboundBlockedException)
                    {
                        return new HttpResponseMessage(HttpStatusCode.Forbidden);
                    }
                })
                .Route("api.example.com", $"http://127.0.0.1:{server.Port}"),
            services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));
        await platform.GetStringAsync();
        platform.Namespace.Policy.Replace(static policy => policy.DenyHosts("api.example.com"));
        using HttpResponseMessage refused = await platform.FetchAsync();

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(server.Heads, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task G6_HiddenRequestOnASharedConnection_AnswersNobodyElse()
    {
        await using RawServer poisonable = new(Poisonable());
        string url = Hosts.AllowedUrl(poisonable.Port, "/private");
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(Attack(poisonable));

        Assert.That(await plain.Other.GetStringAsync(url), Is.EqualTo("ATTACKER-CHOSEN"));

        // On one connection as well, and just as ready to answer a hidden request.
        await using RawServer second = new(Poisonable());
        await using GuardedTenant guarded = new();
        await guarded.GetAsync(Hosts.AllowedUrl(second.Port, "/first"));
        await guarded.FailAsync(context => context.Http.GetStringAsync(Attack(second)));
        string others = await guarded.GetAsync(Hosts.AllowedUrl(second.Port, "/private"), "other");

        Assert.That(others, Is.EqualTo("own"));
        Assert.That(second.Connections, Is.EqualTo(1));
        Assert.That(second.Heads.Select(RequestPath), Is.EqualTo(new[] { "/first", "/a%20HTTP/1.1%0D%0AHost:%20x%0D%0A%0D%0AGET%20/hidden", "/private" }));

        static Uri Attack(RawServer server) => new(
            Hosts.AllowedUrl(server.Port, "/a HTTP/1.1\r\nHost: x\r\n\r\nGET /hidden"),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        // Answers a hidden request when the next one comes, as a busy server does.
        static Func<string, string> Poisonable()
        {
            bool isPoisoned = false;
            return head =>
            {
                isPoisoned |= RequestPath(head) == "/hidden";
                return RequestPath(head) == "/hidden" ? string.Empty
                    : isPoisoned ? RawServer.Answer("ATTACKER-CHOSEN") + RawServer.Answer("own")
                    : RawServer.Answer("own");
            };
        }
    }

    private static string RequestPath(string head) => head.Split(' ')[1];
}
