using System.Net;
using System.Net.Sockets;

namespace OutboundInterception.Tests.Holes;

/// <summary>An <see cref="HttpClient"/> over <see cref="NaiveHandler"/> over a <see cref="SocketsHttpHandler"/> as it comes.</summary>
internal sealed class PlainClient : IDisposable
{
    /// <param name="configure">Sets the socket handler.</param>
    /// <param name="resolves">Whether names resolve in the connect callback; else the socket handler is left as it is.</param>
    /// <param name="addsCredential">Whether the naive handler adds one.</param>
    public PlainClient(Action<SocketsHttpHandler>? configure = null, bool resolves = true, bool addsCredential = true)
    {
        Sockets = new SocketsHttpHandler();
        if (resolves)
        {
            Sockets.ConnectCallback = ConnectAsync;
        }

        configure?.Invoke(Sockets);
        Naive = new NaiveHandler(Sockets) { AddsCredential = addsCredential };
        Http = new HttpClient(Naive);
    }

    public SocketsHttpHandler Sockets { get; }

    public NaiveHandler Naive { get; }

    public HttpClient Http { get; }

    /// <summary>Another tenant's client on the same handlers.</summary>
    public HttpClient Other => field ??= new HttpClient(Naive, disposeHandler: false);

    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public void Dispose() => Http.Dispose();
}
