using System.Net;
using System.Net.Sockets;

namespace OutboundInterception.Tests.Outbound;

/// <summary>A TCP server on loopback that is one function for each connection.</summary>
internal sealed class TcpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;
    private int _connections;

    public TcpServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(serve);
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    public static TcpServer Echo() => new(static (stream, token) => stream.CopyToAsync(stream, token));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> serve)
    {
        while (true)
        {
            Socket socket = await _listener.AcceptSocketAsync(_ended.Token);
            Interlocked.Increment(ref _connections);
            _ = ServeAsync(socket, serve);
        }
    }

    private async Task ServeAsync(Socket socket, Func<NetworkStream, CancellationToken, Task> serve)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        await serve(stream, _ended.Token);
    }
}
