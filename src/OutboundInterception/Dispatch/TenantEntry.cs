using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>
/// One registration of a tenant. Replacing a tenant makes a new entry, so that a running dispatch keeps what it started
/// with. A million of them may be registered: it stays small, and makes its handler when that is first needed.
/// </summary>
internal sealed class TenantEntry
{
    private readonly Func<IServiceProvider, ITenantHandler>? _factory;
    private volatile ITenantHandler? _handler;

    // Counted only for handlers that must be disposed: dispatches in progress, plus one until the entry is retired.
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

    public string Name { get; }

    public bool IsScoped { get; }

    /// <summary>Whether <see cref="Release"/> must be called when a dispatch ends.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>A handler that belongs to one dispatch.</summary>
    public ITenantHandler Create(IServiceProvider scope) =>
        _factory!(scope) ?? throw new InvalidOperationException($"The factory of tenant '{Name}' returned null. It must return a handler.");

    /// <summary>The handler that all dispatches share, made on first use.</summary>
    /// <returns>False when the entry has been retired meanwhile, and its handler disposed or never made.</returns>
    public bool TryAcquire(IServiceProvider services, [NotNullWhen(true)] out ITenantHandler? handler)
    {
        handler = _handler ?? Make(services);
        if (handler is null)
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
    public ValueTask Release() => Interlocked.Decrement(ref _users) > 0 ? ValueTask.CompletedTask : Disposal.DisposeAsync(_handler);

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
            IsCounted = handler is IDisposable or IAsyncDisposable;
            _handler = handler;
            return handler;
        }
    }
}
