using System.Net.WebSockets;

namespace OutboundInterception;

/// <summary>
/// Opens a WebSocket through the outbound chain. The framework's client does the handshake and the framing; its way to the
/// network is the chain, and workers see the same GET whichever version carries it.
/// </summary>
internal static class WebSocketHandshake
{
    // The client wants a ws URL of its own; where the handshake goes is the tenant's, which the subrequest checks.
    private static readonly Uri s_placeholder = new("ws://placeholder.invalid/");

    // The framework compares each with all before it.
    private const int MaxSubProtocols = 100;

    public static async Task<WebSocket> ConnectAsync(ActiveDispatch dispatch, Uri uri, WebSocketConnectOptions options, CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        Handler handler = new(dispatch, uri);
        try
        {
            Configure(socket.Options, options);
            using HttpMessageInvoker invoker = new(handler);
            await socket.ConnectAsync(s_placeholder, invoker, cancellationToken).ConfigureAwait(false);
            return new DispatchWebSocket(socket, dispatch, handler.Subrequest!);
        }
        catch (Exception exception)
        {
            // An answer that is no upgrade ends the subrequest too, and nobody reads its body.
            handler.Subrequest?.Abort();
            handler.Subrequest?.BodyIsDone(0, exception);
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
        int count = 0;
        foreach (string protocol in options.SubProtocols)
        {
            if (++count > MaxSubProtocols)
            {
                throw new InvalidSubrequestException(SubrequestProblem.Header, $"More than {MaxSubProtocols} sub-protocols are asked for. Name those that you speak.");
            }

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

    private static Uri AsHttp(Uri uri) =>
        uri is { IsAbsoluteUri: true, Scheme: "ws" or "wss" }
        && Uri.TryCreate(
            string.Concat(uri.Scheme == "wss" ? "https" : "http", uri.OriginalString.AsSpan(uri.OriginalString.IndexOf(':'))), UriKind.Absolute, out Uri? http)
            ? http
            : uri;

    /// <summary>The same URL under the scheme that rules know a WebSocket by.</summary>
    public static Uri AsWebSocket(Uri uri) => new(string.Concat(uri.Scheme == "https" ? "wss" : "ws", uri.AbsoluteUri.AsSpan(uri.AbsoluteUri.IndexOf(':'))));

    private sealed class Handler(ActiveDispatch dispatch, Uri uri) : HttpMessageHandler
    {
        public Subrequest? Subrequest { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // With HTTP/2 refused, the client tries again with 1.1: a subrequest of its own, which ends the first.
            Subrequest?.BodyIsDone(0, null);
            EgressRequest handshake = new(HttpMethod.Get, AsHttp(uri), dispatch.Home.Outbound.Pool)
            {
                Version = request.Version,
                VersionPolicy = request.VersionPolicy,
            };
            foreach ((string name, var values) in request.Headers.NonValidated)
            {
                handshake.Headers.TryAdd(name, values);
            }

            if (request.Method == HttpMethod.Connect)
            {
                handshake.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            }

            Subrequest = new Subrequest(dispatch, RedirectMode.Manual, isWebSocket: true);
            return Subrequest.RunAsync(handshake, cancellationToken);
        }
    }
}
