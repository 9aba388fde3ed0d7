using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

[CancelAfter(30_000)]
internal sealed class DialerTests
{
    private static readonly IPAddress s_silent = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_refusing = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress s_answering = IPAddress.Parse("192.0.2.3");

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<IPAddress> _dialled = new();
    private readonly TaskCompletionSource _silentEnded = new();

    [Test]
    public async Task ConnectAsync_FirstAddressIsSilent_TheNextIsTriedAfterAMoment()
    {
        Task<Socket> connecting = Create().ConnectAsync([s_silent, s_answering], 80, CancellationToken.None);
        _time.Advance(Dialer.Stagger - TimeSpan.FromMilliseconds(1));
        Assert.That(_dialled, Is.EqualTo([s_silent]));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        using Socket socket = await connecting;
        await _silentEnded.Task;

        Assert.That(_dialled, Is.EqualTo([s_silent, s_answering]));
    }

    [Test]
    public async Task ConnectAsync_FirstAddressRefuses_TheNextIsTriedAtOnce()
    {
        using Socket socket = await Create().ConnectAsync([s_refusing, s_answering, s_silent], 80, CancellationToken.None);

        Assert.That(_dialled, Is.EqualTo([s_refusing, s_answering]));
    }

    [Test]
    public async Task ConnectAsync_AllRefuse_FailsWithTheLast()
    {
        SocketException failure = (await Assert.ThrowsAsync<SocketException>(
            () => Create().ConnectAsync([s_refusing, s_refusing], 80, CancellationToken.None)))!;

        Assert.That(failure.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(_dialled, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task ConnectAsync_IsCancelled_EndsEveryAttempt()
    {
        using CancellationTokenSource cancellation = new();
        Task<Socket> connecting = Create().ConnectAsync([s_silent, s_silent, s_silent], 80, cancellation.Token);
        _time.Advance(Dialer.Stagger);

        await cancellation.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => connecting);
        await _silentEnded.Task;
        _time.Advance(Dialer.Stagger * 4);
        Assert.That(_dialled, Has.Count.LessThan(3));
    }

    private Dialer Create() => new(DialAsync, _time);

    private async Task<Socket> DialAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        _dialled.Enqueue(address);
        if (address.Equals(s_refusing))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        if (address.Equals(s_silent))
        {
            using CancellationTokenRegistration end = cancellationToken.Register(() => _silentEnded.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return new Socket(SocketType.Stream, ProtocolType.Tcp);
    }
}
