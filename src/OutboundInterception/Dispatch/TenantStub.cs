namespace OutboundInterception;

/// <summary>A tenant that was named with <see cref="DispatchNamespace.Get(string, DispatchOptions?)"/>, together with what its dispatches are given.</summary>
/// <remarks>Cheap to make and to keep; each call of <see cref="FetchAsync"/> is a dispatch of its own. Safe for use by several threads.</remarks>
public readonly struct TenantStub
{
    private readonly DispatchNamespace? _namespace;
    private readonly object?[] _parameters;
    private readonly DispatchGrant? _grant;

    internal TenantStub(DispatchNamespace @namespace, string name, object?[] parameters, DispatchGrant? grant)
    {
        _namespace = @namespace;
        _parameters = parameters;
        _grant = grant;
        Name = name;
    }

    /// <summary>The tenant's name.</summary>
    public string Name { get; }

    /// <summary>Dispatches one request to the tenant.</summary>
    /// <param name="request">Stays the caller's, who keeps it until the response has been read.</param>
    /// <param name="cancellationToken">Cancels the tenant, its subrequests and the outbound workers that they go through.</param>
    /// <returns>
    /// The tenant's response, which the caller disposes: the dispatch ends when its body has been read or it is disposed.
    /// To change it, copy it: one without content is complete, and what sets its properties throws <see cref="ObjectDisposedException"/>.
    /// </returns>
    /// <exception cref="TenantNotFoundException">There is no such tenant; no tenant code has run.</exception>
    /// <exception cref="InvalidTenantResponseException">
    /// The tenant returned no response, or one that it had returned before, whose status is below 200, or whose headers are longer than 32 KiB.
    /// </exception>
    /// <exception cref="TaskCanceledException">
    /// The caller cancelled, or the deadline has passed; then the inner exception is a <see cref="TimeoutException"/>.
    /// </exception>
    /// <exception cref="DispatchLimitException">Dispatches are nested too deeply.</exception>
    /// <exception cref="ObjectDisposedException">The namespace is shutting down.</exception>
    /// <remarks>What the tenant itself throws comes out as it is.</remarks>
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (_namespace ?? throw new InvalidOperationException("This TenantStub is empty. Get one from DispatchNamespace.Get."))
            .DispatchAsync(Name, _parameters, _grant, request, cancellationToken);
    }

    internal Task<HttpResponseMessage> DispatchAsync(HttpRequestMessage request, NestedCall call, CancellationToken cancellationToken) =>
        _namespace!.DispatchAsync(Name, _parameters, _grant! with { Call = call }, request, cancellationToken);
}
