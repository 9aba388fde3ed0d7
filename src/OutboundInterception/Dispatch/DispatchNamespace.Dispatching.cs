namespace OutboundInterception;

// How a dispatch begins: the stub, the tenant's entry and handler, the depth.
public sealed partial class DispatchNamespace
{
    internal TenantStub Get(string name, DispatchOptions? options, int depth, IDictionary<string, object?>? ownArguments = null)
    {
        object?[] parameters = _schema.Bind(options?.Parameters);
        IReadOnlyDictionary<string, object?>? arguments = DispatchOptions.CopyArguments(options, ownArguments);
        EffectiveLimits? limits = options?.Limits is { } given ? _limits.With(given) : null;
        return new TenantStub(
            this, name, parameters, arguments is null && limits is null && depth == 0 ? null : new DispatchGrant(arguments, limits, depth));
    }

    /// <summary>The dispatch that a tenant asks for itself.</summary>
    internal Fetcher GetNested(ActiveDispatch parent, string name, NestedDispatchOptions? options)
    {
        DispatchOptions granted = (_nested ?? throw NestedIsOff())(new NestedDispatch(parent.Tenant, name))
            ?? throw new NotSupportedException($"The platform does not allow tenant '{parent.Tenant}' to call '{name}'.");
        return new NestedFetcher(Get(name, granted, parent.Depth + 1, options?.Arguments), parent);
    }

    /// <summary>The dispatch that an outbound worker asks for.</summary>
    internal Fetcher GetNested(ActiveDispatch parent, string name, DispatchOptions? options) =>
        _nested is null ? throw NestedIsOff() : new NestedFetcher(Get(name, options, parent.Depth + 1), parent: null);

    internal Task<HttpResponseMessage> DispatchAsync(
        string name, object?[] parameters, DispatchGrant? grant, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<HttpResponseMessage>(cancellationToken);
        }

        if (_stopping)
        {
            return Task.FromException<HttpResponseMessage>(new ObjectDisposedException(
                nameof(DispatchNamespace), $"The namespace '{Name}' is shutting down and takes no new dispatches."));
        }

        EffectiveLimits limits = grant?.Limits ?? _limits;
        int depth = (grant?.Depth ?? 0) + CdnLoop.Count(request, _loopId);
        if (depth >= limits.Depth)
        {
            return Task.FromException<HttpResponseMessage>(new DispatchLimitException(DispatchLimit.Depth, limits.Depth));
        }

        TenantEntry? entry = null;
        ITenantHandler? handler = null;
        DispatchScope? scope = null;
        ActiveDispatch dispatch;
        try
        {
            // A retired entry whose handler is gone has a successor, or none.
            TenantEntry? found;
            do
            {
                found = Tenants.Find(name);
            }
            while (found is not null && !found.TryAcquire(Services, out handler));

            entry = found;
            if (entry is null)
            {
                return Task.FromException<HttpResponseMessage>(new TenantNotFoundException(name, Name));
            }

            if (entry.IsScoped)
            {
                scope = new DispatchScope(Services);
                handler = scope.MakeHandler(entry);
            }

            string? loop = CdnLoop.Next(request, _loopId, depth);
            if (!ReferenceEquals(loop, _loopId))
            {
                grant = new DispatchGrant(grant?.Arguments, grant?.Limits, depth, loop, grant?.Call);
            }

            dispatch = new ActiveDispatch(this, entry, scope, parameters, grant, request);
        }
        catch (Exception exception)
        {
            return FailAsync(entry, scope, exception);
        }

        return dispatch.RunAsync(handler!, request, cancellationToken);
    }

    /// <summary>A dispatch is over: disposes what was made for it, and ends its use of the tenant's entry.</summary>
    internal async Task ReleaseAsync(TenantEntry entry, DispatchScope? scope)
    {
        try
        {
            if (scope is not null)
            {
                await scope.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Its caller has its answer; the log is told.
            Log.DisposeFailed(Logger, exception, Name, entry.Name);
        }

        // After the handler of a scope, whose code this may unload.
        try
        {
            if (entry.IsCounted)
            {
                await entry.Release().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            Log.DisposeFailed(Logger, exception, Name, entry.Name);
        }
    }

    // No handler for this dispatch: its use of the entry is over before it began.
    private async Task<HttpResponseMessage> FailAsync(TenantEntry? entry, DispatchScope? scope, Exception exception)
    {
        if (entry is not null)
        {
            await ReleaseAsync(entry, scope).ConfigureAwait(false);
        }

        return await Task.FromException<HttpResponseMessage>(exception).ConfigureAwait(false);
    }

    private NotSupportedException NestedIsOff() => new(
        $"The namespace '{Name}' does not allow nested dispatch. The host allows it with {nameof(DispatchNamespaceOptions)}.{nameof(DispatchNamespaceOptions.NestedDispatch)}.");
}
