using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace OutboundInterception;

/// <summary>
/// A WebSocket that a tenant serves: the one content whose stream goes both ways. The tenant holds the WebSocket, whoever
/// called it the stream, and two pipes lie between them.
/// </summary>
internal sealed class ServedWebSocket : HttpContent
{
    // What a timer takes.
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ActiveDispatch _dispatch;
    private readonly Func<WebSocket, CancellationToken, Task> _serve;
    private readonly WebSocketCreationOptions _options;
    private readonly Pipe _toTenant = new();
    private readonly Pipe _toCaller = new();
    private readonly DuplexStream _callers;
    private int _started;

    private ServedWebSocket(ActiveDispatch dispatch, Func<WebSocket, CancellationToken, Task> serve, WebSocketCreationOptions options)
    {
        _dispatch = dispatch;
        _serve = serve;
        _options = options;
        _callers = new DuplexStream(_toCaller.Reader.AsStream(), _toTenant.Writer.AsStream());
    }

    public static HttpResponseMessage Accept(
        ActiveDispatch dispatch, HttpRequestMessage request, Func<WebSocket, CancellationToken, Task> serve, WebSocketAcceptOptions options)
    {
        string? key = One(request, "Sec-WebSocket-Key");
        if (!TenantContext.IsWebSocketRequest(request) || key is null || One(request, "Sec-WebSocket-Version") != "13")
        {
            throw new ArgumentException("The request is no WebSocket handshake. Ask TenantContext.IsWebSocketRequest before.", nameof(request));
        }

        // Copied once, because the tenant may change them: what is wrong with them is said before the response is the caller's.
        WebSocketCreationOptions created = new() { IsServer = true, SubProtocol = options.SubProtocol, KeepAliveInterval = options.KeepAliveInterval };
        if (created.KeepAliveInterval > s_longest)
        {
            throw new ArgumentOutOfRangeException(nameof(options), created.KeepAliveInterval, $"Give a KeepAliveInterval from zero to {s_longest}, or an infinite one.");
        }

        HttpResponseMessage response = new(HttpStatusCode.SwitchingProtocols) { Content = new ServedWebSocket(dispatch, serve, created) };
        response.Headers.Connection.Add("Upgrade");
        response.Headers.Upgrade.ParseAdd("websocket");
        response.Headers.Add("Sec-WebSocket-Accept", AcceptOf(key));
        if (created.SubProtocol is { } protocol)
        {
            if (!OffersOf(request).Contains(protocol))
            {
                throw new ArgumentException($"The client did not offer the sub-protocol '{protocol}'. Choose one of its Sec-WebSocket-Protocol header, or none.", nameof(options));
            }

            response.Headers.Add("Sec-WebSocket-Protocol", protocol);
        }

        return response;
    }

    /// <summary>Lets the tenant's function run, if this is of this dispatch and has not run yet.</summary>
    public bool Start(ActiveDispatch dispatch)
    {
        if (dispatch != _dispatch || Interlocked.Exchange(ref _started, 1) != 0)
        {
            return false;
        }

        // On a thread of its own: what the tenant does before its first await holds nobody up.
        _ = Task.Run(ServeAsync);
        return true;
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_callers);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _callers.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _callers.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task ServeAsync()
    {
        using WebSocket inner = WebSocket.CreateFromStream(new DuplexStream(_toTenant.Reader.AsStream(), _toCaller.Writer.AsStream()), _options);
        using DispatchWebSocket socket = new(inner, _dispatch, subrequest: null);
        try
        {
            await _serve(socket, _dispatch.Token).ConfigureAwait(false);
            if (inner.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await inner.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _dispatch.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The client sees the connection break off; why is for the host alone.
            socket.Abort();
            Log.WebSocketFailed(_dispatch.Home.Logger, exception, _dispatch.Namespace, _dispatch.Tenant, _dispatch.Id, _dispatch.Token.IsCancellationRequested);
        }
    }

    // RFC 6455, section 4.2.2: a fixed GUID after the client's key, hashed. The hash proves nothing but that the key was read.
#pragma warning disable CA5350 // The standard's choice.
    private static string AcceptOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    private static string? One(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1 ? values.ToString() : null;

    private static IEnumerable<string> OffersOf(HttpRequestMessage request) =>
        request.Headers.TryGetValues("Sec-WebSocket-Protocol", out IEnumerable<string>? values)
            ? values.SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries))
            : [];
}
