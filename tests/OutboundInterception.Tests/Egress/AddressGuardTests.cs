using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

[CancelAfter(30_000)]
internal sealed class AddressGuardTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task ConnectAsync_AllowedAddress_DialsItWithoutDelay()
    {
        await using RawServer server = new();
        AddressGuard guard = Guard(Loopback(), static (_, _) => Answer("127.0.0.1"));

        await using Stream stream = await guard.ConnectAsync(new DnsEndPoint("api.example.com", server.Port), CancellationToken.None);

        Assert.That(((NetworkStream)stream).Socket.NoDelay, Is.True);
    }

    [Test]
    public async Task ConnectAsync_NameServerRebinds_DialsOnlyWhatWasChecked()
    {
        await using RawServer server = new();
        int asked = 0;
        AddressGuard guard = Guard(
            new EgressOptions { AllowedNetworks = { IPNetwork.Parse("127.0.0.1/32") }, ResolutionLifetime = TimeSpan.Zero },
            (_, _) => Answer(++asked == 1 ? "127.0.0.1" : "127.0.0.2"));

        await using Stream stream = await guard.ConnectAsync(new DnsEndPoint("flip.example.com", server.Port), CancellationToken.None);
        IPEndPoint dialled = (IPEndPoint)((NetworkStream)stream).Socket.RemoteEndPoint!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(asked, Is.EqualTo(1));
            Assert.That(dialled.Address.MapToIPv4(), Is.EqualTo(IPAddress.Loopback));
            Assert.That(
                async () => await guard.ConnectAsync(new DnsEndPoint("flip.example.com", server.Port), CancellationToken.None),
                Throws.TypeOf<AddressBlockedException>());
        }
    }

    [Test]
    public async Task ConnectAsync_OneAddressIsInternal_DialsNone()
    {
        await using RawServer server = new();
        AddressGuard guard = Guard(
            new EgressOptions { AllowedNetworks = { IPNetwork.Parse("127.0.0.1/32") } },
            static (_, _) => Answer("127.0.0.1", "93.184.215.14", "10.0.0.1"));

        AddressBlockedException? exception = await Assert.ThrowsAsync<AddressBlockedException>(
            async () => await guard.ConnectAsync(new DnsEndPoint("mixed.example.com", server.Port), CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception?.Address, Is.EqualTo(IPAddress.Parse("10.0.0.1")));
            Assert.That(exception?.Reason, Is.EqualTo("private"));
            Assert.That(server.Connections, Is.Zero);
        }
    }

    [TestCase("0.0.0.0")]
    [TestCase("127.0.0.1")]
    [TestCase("2130706433")]
    [TestCase("::1")]
    [TestCase("[::1]")]
    [TestCase("::ffff:0.0.0.0")]
    [TestCase("fe80::1%1")]
    [TestCase("::1%25lo")]
    public void ConnectAsync_InternalLiteral_IsRefusedWithoutResolver(string host)
    {
        AddressGuard guard = Guard(new EgressOptions(), static (_, _) => throw new AssertionException("asked"));

        Assert.That(
            async () => await guard.ConnectAsync(new DnsEndPoint(host, 80), CancellationToken.None),
            Throws.TypeOf<AddressBlockedException>());
    }

    [Test]
    public async Task ConnectAsync_NoAnswers_IsAnErrorOfTheName()
    {
        AddressGuard guard = Guard(new EgressOptions(), static (_, _) => Answer());

        SocketException? exception = await Assert.ThrowsAsync<SocketException>(
            async () => await guard.ConnectAsync(new DnsEndPoint("empty.example.com", 80), CancellationToken.None));

        Assert.That(exception?.SocketErrorCode, Is.EqualTo(SocketError.HostNotFound));
    }

    [Test]
    public async Task ConnectAsync_ResolverHangs_EndsAfterConnectTimeout()
    {
        TaskCompletionSource<IPAddress[]> never = new();
        AddressGuard guard = Guard(new EgressOptions(), (_, _) => new ValueTask<IPAddress[]>(never.Task));
        Task connecting = guard.ConnectAsync(new DnsEndPoint("hangs.example.com", 80), CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        bool isEarly = connecting.IsCompleted;
        _time.Advance(TimeSpan.FromTicks(1));
        await connecting.ContinueWith(static _ => { }, TaskScheduler.Default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(isEarly, Is.False);
            Assert.That(connecting.Exception?.InnerException, Is.TypeOf<HttpRequestException>());
            Assert.That(connecting.Exception?.InnerException?.InnerException, Is.TypeOf<TimeoutException>());
        }
    }

    [Test]
    public void ConnectAsync_CallerGoes_IsCanceledThoughTheResolverHangs()
    {
        TaskCompletionSource<IPAddress[]> never = new();
        AddressGuard guard = Guard(new EgressOptions(), (_, _) => new ValueTask<IPAddress[]>(never.Task));
        using CancellationTokenSource gone = new();
        Task connecting = guard.ConnectAsync(new DnsEndPoint("hangs.example.com", 80), gone.Token).AsTask();

        gone.Cancel();

        Assert.That(async () => await connecting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task ConnectAsync_RouteTarget_IsNotJudged()
    {
        await using RawServer server = new();
        AddressGuard guard = Guard(
            new EgressOptions { DeniedNetworks = { IPNetwork.Parse("127.0.0.0/8") } }, static (_, _) => Answer("127.0.0.1"));
        RouteTarget target = new(IsSecure: false, OutboundUri.Canonicalize("stand-in"), server.Port);

        await using Stream stream = await guard.ConnectAsync(target, probe: null, CancellationToken.None);

        Assert.That(((NetworkStream)stream).Socket.Connected, Is.True);
    }

    private static EgressOptions Loopback() => new() { AllowedNetworks = { IPNetwork.Parse("127.0.0.0/8") } };

    private static ValueTask<IPAddress[]> Answer(params string[] addresses) => new([.. addresses.Select(IPAddress.Parse)]);

    private AddressGuard Guard(EgressOptions options, Func<string, CancellationToken, ValueTask<IPAddress[]>> resolve)
    {
        options.ResolveAsync = resolve;
        return new AddressGuard(options, _time);
    }
}
