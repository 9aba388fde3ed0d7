namespace OutboundInterception;

/// <summary>What an outbound worker knows of the dispatch whose subrequest it sees, and the way on.</summary>
public readonly struct OutboundContext
{
    private readonly OutboundExchange? _exchange;
    private readonly int _position;

    internal OutboundContext(OutboundExchange exchange, int position, int hop)
    {
        _exchange = exchange;
        _position = position;
        Hop = hop;
    }

    /// <summary>The tenant that made the subrequest.</summary>
    public string Tenant => Exchange.Tenant;

    /// <summary>The tenant's namespace.</summary>
    public string Namespace => Exchange.Namespace;

    /// <summary>Names the dispatch in records and logs; unique within the process.</summary>
    public string DispatchId => Exchange.DispatchId;

    /// <summary>0 for the request that the tenant made, 1 for the first redirect that is followed, and so on.</summary>
    public int Hop { get; }

    /// <summary>
    /// What the dispatch itself was asked for, or <see langword="null"/> if that had no URI. It says nothing about where the
    /// subrequest goes: decide on <see cref="HttpRequestMessage.RequestUri"/>.
    /// </summary>
    public Uri? InboundUri => Exchange.InboundUri;

    private OutboundExchange Exchange => _exchange
        ?? throw new InvalidOperationException("This OutboundContext is empty. In a test, make one with OutboundContext.Create.");

    /// <summary>Makes a context for a unit test of a worker.</summary>
    /// <param name="parameters">The dispatch's parameters; whatever is given counts as declared.</param>
    /// <param name="next">What <see cref="SendAsync"/> calls.</param>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="inboundUri">What the dispatch was asked for.</param>
    /// <param name="hop">Which hop the worker sees.</param>
    public static OutboundContext Create(
        DispatchOptions? parameters,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> next,
        string tenant = "test",
        Uri? inboundUri = null,
        int hop = 0)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(tenant);
        return new OutboundContext(new TestExchange(parameters, next, tenant, inboundUri), 0, hop);
    }

    /// <summary>This dispatch's value of a parameter.</summary>
    /// <exception cref="InvalidOperationException">The namespace does not declare it, or its value is of another type.</exception>
    public T Get<T>(OutboundParameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Exchange.Get(parameter);
    }

    /// <summary>This dispatch's value of a parameter, by name: for those that configuration declares.</summary>
    /// <exception cref="InvalidOperationException">The namespace does not declare it.</exception>
    public object? Get(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Exchange.Get(parameter);
    }

    /// <summary>
    /// Sends a request on: to the next worker, and after the last to the network. It may be called several times; a body is
    /// sent again only as far as it was kept (<see cref="DispatchNamespaceOptions.ReplayBytes"/>).
    /// </summary>
    /// <param name="request">The one that the worker was given, or another. Redirects are not followed here.</param>
    /// <param name="cancellationToken">The worker's own; when it cannot be cancelled, the subrequest's is used.</param>
    /// <returns>The response, whose owner is the worker until it returns it.</returns>
    /// <exception cref="OutboundBlockedException">The policy or the address guard refuses what the worker sends.</exception>
    /// <exception cref="HttpRequestException">The origin could not be reached, or broke off.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Exchange.SendAsync(request, _position + 1, Hop, cancellationToken);
    }

    /// <summary>
    /// Passes a connect on: to the next worker, and after the last to the network, with TLS where the tenant asked for it. Only
    /// inside of <see cref="IOutboundWorker.ConnectAsync"/>.
    /// </summary>
    /// <param name="connect">The one that the worker was given.</param>
    /// <param name="cancellationToken">The worker's own; when it cannot be cancelled, the connect's is used.</param>
    /// <returns>The open connection. Return it, or a stream around it that sees the bytes.</returns>
    /// <exception cref="RawSocketDeniedException">The next worker does not handle sockets.</exception>
    /// <exception cref="HttpRequestException">The host could not be reached, or the address guard refuses it.</exception>
    public Task<Stream> ConnectAsync(OutboundConnect connect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connect);
        return Exchange.ConnectAsync(connect, _position + 1, cancellationToken);
    }

    /// <summary>Keeps the dispatch alive for work that goes on after the response, as <see cref="TenantContext.WaitUntil"/> does.</summary>
    /// <param name="work">Gets the token of background work.</param>
    public void WaitUntil(Func<CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Exchange.WaitUntil(work);
    }

    /// <summary>Names a tenant of the same namespace, where that allows nested dispatch. The depth is carried along.</summary>
    /// <param name="name">The tenant's name. Nothing is looked up before the first request.</param>
    /// <param name="options">As for <see cref="DispatchNamespace.Get(string, DispatchOptions?)"/>.</param>
    /// <exception cref="NotSupportedException">The namespace does not allow nested dispatch.</exception>
    public Fetcher Dispatch(string name, DispatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Exchange.Dispatch(name, options);
    }
}
