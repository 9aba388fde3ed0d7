using System.Net;
using System.Net.Security;
using System.Runtime.ExceptionServices;

namespace OutboundInterception;

/// <summary>
/// The primary handler of a namespace's egress chain: owns its connections, adds nothing to a request, and sends only
/// an <see cref="EgressRequest"/> of its own namespace.
/// </summary>
internal sealed class EgressHandler : HttpMessageHandler
{
    private readonly EgressPoolKey _pool;
    private readonly EgressOptions _options;
    private readonly AddressGuard _guard;
    private readonly RouteTable _routes;
    private readonly EgressConnections _connections;
    private readonly ClientCertificateTable? _certificates;

    /// <exception cref="ArgumentException">A route is wrong. The other options are expected to be validated.</exception>
    public EgressHandler(EgressPoolKey pool, EgressOptions options, TimeProvider time)
        : this(pool, options, time, null)
    {
    }

    /// <inheritdoc cref="EgressConnections(EgressOptions, AddressGuard, RouteTable, System.Security.Cryptography.X509Certificates.X509Certificate2?, Func{SocketsHttpConnectionContext, CancellationToken, ValueTask{Stream}}?)"/>
    internal EgressHandler(
        EgressPoolKey pool, EgressOptions options, TimeProvider time, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect)
    {
        _pool = pool;
        _options = options;
        _guard = new AddressGuard(options, time);
        _routes = RouteTable.Create(options.Routes);
        _connections = new EgressConnections(options, _guard, _routes, certificate: null, connect);
        _certificates = options.ClientCertificates.Count == 0 ? null : new ClientCertificateTable(options, _guard, _routes);
    }

    /// <summary>Whether raw connections to port 25 are let out.</summary>
    public bool AllowsPort25 => _options.AllowPort25;

    /// <summary>Opens a raw connection, by the same routes and under the same guard as those of the pool.</summary>
    public ValueTask<Stream> ConnectAsync(CanonicalHost host, int port, CancellationToken cancellationToken) =>
        _routes.TryFind(host.Name, out RouteTarget? target)
            ? _guard.ConnectAsync(target, probe: null, cancellationToken)
            : _guard.ConnectAsync(new DnsEndPoint(host.Name, port), cancellationToken);

    /// <summary>Begins TLS on a raw connection as the pool does on its own.</summary>
    public async Task<Stream> SecureAsync(Stream stream, CanonicalHost host, CancellationToken cancellationToken)
    {
        SslClientAuthenticationOptions tls = EgressPool.CreateTls(_options);
        tls.TargetHost = host.Name;
        SslStream secure = new(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            "The egress chain is asynchronous only; a synchronous Send is turned into SendAsync at its head.");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Task<HttpResponseMessage> sent;
        EgressRequest own;
        try
        {
            own = Admit(request);
            own.Probe?.Reached();
            sent = DispatchAsync(own, cancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<HttpResponseMessage>(exception);
        }

        // What is there at once, as over a connection that does not wait, is passed on in the task that it came in.
        return own.Probe is null && sent is { IsCompletedSuccessfully: true, Result.StatusCode: not HttpStatusCode.SwitchingProtocols }
            ? sent
            : FinishAsync(sent, own, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _connections.Dispose();
            _certificates?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static async Task<HttpResponseMessage> FinishAsync(Task<HttpResponseMessage> sent, EgressRequest request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await sent.ConfigureAwait(false);
            request.Probe?.Answered();
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

    private static bool AsksForWebSocket(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues("Upgrade", out var upgrade)
        && string.Equals(upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase);

    private EgressRequest Admit(HttpRequestMessage request)
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
        return own;
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

    private Task<HttpResponseMessage> DispatchAsync(EgressRequest request, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        EgressConnections? own = _certificates is not null && request.Tenant is { } tenant && RoutedRequest.IsSecure(uri)
            ? _certificates.Find(tenant, OutboundUri.Canonicalize(uri.IdnHost))
            : null;
        return (own ?? _connections).SendAsync(request, cancellationToken);
    }
}
