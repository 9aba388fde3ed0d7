using System.Net;
using System.Runtime.ExceptionServices;

namespace OutboundInterception;

/// <summary>
/// The primary handler of a namespace's egress chain: owns its connections, adds nothing to a request, and sends only
/// an <see cref="EgressRequest"/> of its own namespace.
/// </summary>
internal sealed class EgressHandler : HttpMessageHandler
{
    private readonly EgressPoolKey _pool;
    private readonly AddressGuard _guard;
    private readonly RouteTable _routes;
    private readonly HttpMessageInvoker _direct;
    private readonly HttpMessageInvoker? _routed;

    /// <exception cref="ArgumentException">A route is wrong. The other options are expected to be validated.</exception>
    public EgressHandler(EgressPoolKey pool, EgressOptions options, TimeProvider time)
        : this(pool, options, time, null)
    {
    }

    /// <param name="pool">The namespace's connections.</param>
    /// <param name="options">Validated.</param>
    /// <param name="time">The guard's.</param>
    /// <param name="connect">Instead of the guard: for a benchmark, to which a network is noise.</param>
    internal EgressHandler(
        EgressPoolKey pool, EgressOptions options, TimeProvider time, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect)
    {
        _pool = pool;
        _guard = new AddressGuard(options, time);
        _routes = RouteTable.Create(options.Routes);
        _direct = new HttpMessageInvoker(EgressPool.Create(options, connect ?? _guard.ConnectAsync));

        // Pools of their own: a connection to a route's endpoint never serves a host that has none.
        _routed = _routes.IsEmpty ? null : new HttpMessageInvoker(EgressPool.Create(options, ConnectRoutedAsync));
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            "The egress chain is asynchronous only; a synchronous Send is turned into SendAsync at its head.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Admit(request);
        HttpResponseMessage response;
        try
        {
            response = await DispatchAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.InnerException is HttpRequestException inner)
        {
            // What the guard threw, which the pool wrapped.
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
        catch (OperationCanceledException exception)
            when (exception.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            // The pool reports its own connect timeout as a cancellation, which would read as the dispatch's deadline.
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"Connecting to '{request.RequestUri!.IdnHost}' took longer than {nameof(EgressOptions)}.{nameof(EgressOptions.ConnectTimeout)} allows.",
                exception.InnerException);
        }

        if (response.StatusCode == HttpStatusCode.SwitchingProtocols && !AsksForWebSocket(request))
        {
            // The body of a 101 is the connection itself, to write what one likes.
            response.Dispose();
            throw new HttpRequestException(
                HttpRequestError.InvalidResponse, $"'{request.RequestUri!.IdnHost}' switched protocols unasked.");
        }

        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _direct.Dispose();
            _routed?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool AsksForWebSocket(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues("Upgrade", out var upgrade)
        && string.Equals(upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase);

    private void Admit(HttpRequestMessage request)
    {
        if (request is not EgressRequest { RequestUri: { IsAbsoluteUri: true } } own)
        {
            throw new InvalidOperationException(
                "The egress chain sends only the message that OutboundContext.SendAsync gave it. A DelegatingHandler in it "
                + "must pass that message on, and may change but not replace it.");
        }

        if (!ReferenceEquals(own.Pool, _pool))
        {
            throw new InvalidOperationException(
                $"The message belongs to the connections of '{own.Pool}', this handler to those of '{_pool}'. Send it through its own namespace.");
        }

        if (request.Method == HttpMethod.Connect && request.Headers.Protocol != "websocket")
        {
            throw new HttpRequestException(HttpRequestError.Unknown, "CONNECT would open a tunnel; only a WebSocket handshake may use it.");
        }

        LimitVersion(request);
    }

    // Up to 2.0: QUIC connections pass by the guard, and an Alt-Svc header would choose where they go.
    private static void LimitVersion(HttpRequestMessage request)
    {
        if (request.Version.Major >= 3)
        {
            if (request.VersionPolicy == HttpVersionPolicy.RequestVersionExact)
            {
                throw new HttpRequestException(
                    HttpRequestError.VersionNegotiationError,
                    $"HTTP/{request.Version} is asked for exactly, and subrequests go up to HTTP/2. Ask for 2.0, or for a version or lower.");
            }

            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
        else if (request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher)
        {
            // Between 2.0 and 2.0 there is only 2.0; else 2.0 at most, and what TLS does not negotiate is 1.1.
            request.VersionPolicy = request.Version.Major == 2
                ? HttpVersionPolicy.RequestVersionExact
                : HttpVersionPolicy.RequestVersionOrLower;
            request.Version = HttpVersion.Version20;
        }
    }

    private Task<HttpResponseMessage> DispatchAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        if (_routed is null || !_routes.TryFind(OutboundUri.Canonicalize(uri.IdnHost).Name, out RouteTarget? target))
        {
            return _direct.SendAsync(request, cancellationToken);
        }

        return target.IsSecure == RoutedRequest.IsSecure(uri)
            ? _routed.SendAsync(request, cancellationToken)
            : SendCopyAsync(_routed, request, target, cancellationToken);
    }

    private static async Task<HttpResponseMessage> SendCopyAsync(
        HttpMessageInvoker routed, HttpRequestMessage request, RouteTarget target, CancellationToken cancellationToken)
    {
        HttpRequestMessage copy = RoutedRequest.Copy(request, target);
        HttpResponseMessage response = await routed.SendAsync(copy, cancellationToken).ConfigureAwait(false);
        response.RequestMessage = request;
        return response;
    }

    private ValueTask<Stream> ConnectRoutedAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        _routes.TryFind(OutboundUri.Canonicalize(context.DnsEndPoint.Host).Name, out RouteTarget? target)
            ? _guard.ConnectAsync(target, cancellationToken)
            : throw new InvalidOperationException($"'{context.DnsEndPoint.Host}' has no route.");
}
