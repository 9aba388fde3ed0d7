using System.Net;
using System.Net.WebSockets;

namespace OutboundInterception;

/// <summary>
/// Opens a WebSocket through the outbound chain. The framework's client does the handshake and the framing; its way to the
/// network is the chain, and workers see the same GET whichever version carries it.
/// </summary>
internal static class WebSocketHandshake
{
    public static async Task<WebSocket> ConnectAsync(ActiveDispatch dispatch, Uri uri, WebSocketConnectOptions options, CancellationToken cancellationToken)
    {
        OutboundUri target = OutboundUri.Check(AsHttp(uri), dispatch.Home.Outbound.Strictness);
        if (!target.IsAccepted)
        {
            throw SubrequestFailure.Refused(target);
        }

        ClientWebSocket socket = new();
        try
        {
            Configure(socket.Options, options);
            Handler handler = new(dispatch);
            using HttpMessageInvoker invoker = new(handler);
            await socket.ConnectAsync(AsWebSocket(target.Uri), invoker, cancellationToken).ConfigureAwait(false);
            return new DispatchWebSocket(socket, dispatch, handler.Subrequest!);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is WebSocketException { InnerException: HttpRequestException or OperationCanceledException or ObjectDisposedException } wrapped)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(wrapped.InnerException!);
            }

            throw;
        }
    }

    private static void Configure(ClientWebSocketOptions target, WebSocketConnectOptions options)
    {
        target.HttpVersion = options.HttpVersion;
        target.HttpVersionPolicy = options.HttpVersionPolicy;
        target.KeepAliveInterval = options.KeepAliveInterval;
        target.DangerousDeflateOptions = options.DangerousDeflateOptions;
        foreach (string protocol in options.SubProtocols)
        {
            target.AddSubProtocol(protocol);
        }

        foreach ((string name, string value) in options.Headers)
        {
            if (!HeaderRules.IsValidValue(value))
            {
                throw new InvalidSubrequestException(SubrequestProblem.Header, $"The header {name} has a value with a control character or one outside of ASCII.");
            }

            if (HeaderRules.GoesOn(name) && !name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase))
            {
                target.SetRequestHeader(name, value);
            }
        }
    }

    private static Uri AsHttp(Uri uri) => uri is { IsAbsoluteUri: true, Scheme: "ws" or "wss" }
        ? new Uri(string.Concat(uri.Scheme == "wss" ? "https" : "http", uri.OriginalString.AsSpan(uri.OriginalString.IndexOf(':'))))
        : uri;

    private static Uri AsWebSocket(Uri uri) => new(string.Concat(uri.Scheme == "https" ? "wss" : "ws", uri.AbsoluteUri.AsSpan(uri.AbsoluteUri.IndexOf(':'))));

    private sealed class Handler(ActiveDispatch dispatch) : HttpMessageHandler
    {
        public Subrequest? Subrequest { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            bool extended = request.Method == HttpMethod.Connect;
            EgressRequest handshake = new(HttpMethod.Get, AsHttp(request.RequestUri!), dispatch.Home.Outbound.Pool)
            {
                Version = extended ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            foreach ((string name, var values) in request.Headers.NonValidated)
            {
                handshake.Headers.TryAddWithoutValidation(name, values);
            }

            if (extended)
            {
                handshake.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            }

            Subrequest = new Subrequest(dispatch, RedirectMode.Manual, isWebSocket: true);
            return Subrequest.ShakeHandsAsync(handshake, cancellationToken);
        }
    }
}
