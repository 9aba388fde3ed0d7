using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>
/// One registration of a tenant. Replacing a tenant makes a new entry, so that a running dispatch keeps what it started
/// with. A million of them may be registered: it stays small, and makes its handler when that is first needed.
/// </summary>
internal sealed class TenantEntry
{
    private readonly Func<IServiceProvider, ITenantHandler>? _factory;
    private readonly LoadedTenant? _loaded;
    private volatile ITenantHandler? _handler;
    private volatile TenantDetails? _details;

    // Counted only where something must be disposed or unloaded: dispatches in progress, plus one until the entry is retired.
    private int _users = 1;
    private bool _isRetired;

    /// <param name="name">The tenant's name.</param>
    /// <param name="handler">One that the host owns and disposes.</param>
    public TenantEntry(string name, ITenantHandler handler)
    {
        Name = name;
        _handler = handler;
    }

    /// <param name="name">The tenant's name.</param>
    /// <param name="factory">Makes handlers, which this entry owns.</param>
    /// <param name="scoped">Whether each dispatch gets a service scope and a handler of its own.</param>
    public TenantEntry(string name, Func<IServiceProvider, ITenantHandler> factory, bool scoped)
    {
        Name = name;
        _factory = factory;
        IsScoped = scoped;
    }

    /// <param name="name">The tenant's name.</param>
    /// <param name="loaded">The code that was deployed, which is unloaded after the last dispatch.</param>
    /// <param name="scoped">Whether each dispatch gets a service scope and a handler of its own.</param>
    public TenantEntry(string name, LoadedTenant loaded, bool scoped)
        : this(name, loaded.Create, scoped)
    {
        _loaded = loaded;
        IsCounted = true;
    }

    public string Name { get; }

    public bool IsScoped { get; }

    /// <summary>What few tenants have: tags, metadata, versions. Replaced as a whole, under the collection's lock.</summary>
    public TenantDetails? Details
    {
        get => _details;
        set => _details = value;
    }

    /// <summary>Whether it makes handlers, and disposes them: else that is the host's.</summary>
    public bool HasOwnCode => _factory is not null;

    /// <summary>Whether <see cref="Release"/> must be called when a dispatch ends.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>A handler that belongs to one dispatch.</summary>
    public ITenantHandler Create(IServiceProvider scope) =>
        _factory!(scope) ?? throw new InvalidOperationException($"The factory of tenant '{Name}' returned null. It must return a handler.");

    /// <summary>Makes a handler before there is a dispatch: the shared one, or one to see that it can be done.</summary>
    /// <returns>What went wrong. Text only: an exception of the tenant's own would keep its code.</returns>
    public string? TryMake(IServiceProvider services)
    {
        try
        {
            if (!IsScoped)
            {
                Make(services);
                return null;
            }

            using IServiceScope scope = services.CreateScope();
            Disposal.DisposeAsync(Create(scope.ServiceProvider)).AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (Exception exception)
        {
            return $"The handler could not be made: {exception.GetType()}: {exception.Message}";
        }
    }

    /// <summary>Begins a dispatch's use.</summary>
    /// <param name="services">The host's, for a handler that is not made yet.</param>
    /// <param name="handler">The handler that all dispatches share, made on first use; <see langword="null"/> where each has its own.</param>
    /// <returns>False when the entry has been retired meanwhile, and its handler disposed or never made.</returns>
    public bool TryAcquire(IServiceProvider services, out ITenantHandler? handler)
    {
        handler = IsScoped ? null : _handler ?? Make(services);
        if (handler is null && !IsScoped)
        {
            return false;
        }

        if (!IsCounted)
        {
            return true;
        }

        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends a dispatch's use of the handler; the last one of a retired entry disposes it.</summary>
    public ValueTask Release() => Interlocked.Decrement(ref _users) > 0 ? ValueTask.CompletedTask : EndAsync();

    /// <summary>Called once, when the entry is no longer the registered one.</summary>
    public ValueTask Retire()
    {
        lock (this)
        {
            _isRetired = true;
            return IsCounted ? Release() : ValueTask.CompletedTask;
        }
    }

    private ITenantHandler? Make(IServiceProvider services)
    {
        // The entry itself is the lock: a lock object for each of a million entries would cost more than it protects.
        lock (this)
        {
            if (_handler is not null || _isRetired)
            {
                // One that is made for a retired entry would never be disposed.
                return _handler;
            }

            ITenantHandler handler = Create(services);
            IsCounted |= handler is IDisposable or IAsyncDisposable;
            _handler = handler;
            return handler;
        }
    }

    private ValueTask EndAsync() => _loaded is null ? Disposal.DisposeAsync(_handler) : UnloadAsync(_loaded);

    private async ValueTask UnloadAsync(LoadedTenant loaded)
    {
        try
        {
            await Disposal.DisposeAsync(_handler).ConfigureAwait(false);
        }
        finally
        {
            loaded.Unload();
        }
    }
}
