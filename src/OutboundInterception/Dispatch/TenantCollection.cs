using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>
/// The tenants of a namespace, which may be added, replaced and removed while dispatches run: a running dispatch finishes
/// on what it started with, the next one sees the change. Names are case-sensitive. Safe for use by several threads.
/// </summary>
/// <remarks>
/// A handler that a tenant's type or factory made is disposed when it has been replaced or removed, or the namespace is
/// disposed, and its last dispatch has ended. One that was handed in stays its owner's.
/// </remarks>
public sealed partial class TenantCollection
{
    private readonly ConcurrentDictionary<string, TenantEntry> _entries = new(StringComparer.Ordinal);
    private readonly Action<Exception, string> _disposeFailed;

    // Changes come one after the other; dispatches read without it.
    private readonly Lock _change = new();

    private readonly string _namespace;

    internal TenantCollection(string namespaceName, Action<Exception, string> disposeFailed)
    {
        _namespace = namespaceName;
        _disposeFailed = disposeFailed;
    }

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Their names at this moment, in no particular order.</summary>
    public IEnumerable<string> Names => _entries.Select(static entry => entry.Key);

    /// <summary>Whether there is a tenant of that name.</summary>
    public bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _entries.ContainsKey(name);
    }

    /// <summary>Adds a tenant whose handler takes its constructor's dependencies from the host's services.</summary>
    /// <param name="name">1 to 128 of the characters <c>A-Z a-z 0-9 - _ . ~</c>.</param>
    /// <param name="lifetime">
    /// <see cref="ServiceLifetime.Singleton"/> for one handler for all dispatches, <see cref="ServiceLifetime.Scoped"/> for one
    /// per dispatch, in a service scope of its own.
    /// </param>
    /// <exception cref="ArgumentException">The name is invalid or taken, or the type is not one that may be a tenant.</exception>
    public void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where THandler : class, ITenantHandler => Add(TenantRegistration.Of<THandler>(name, lifetime));

    /// <summary>Adds a tenant whose handler a function makes: once, or with <see cref="ServiceLifetime.Scoped"/> once per dispatch.</summary>
    /// <inheritdoc cref="Add{THandler}(string, ServiceLifetime)"/>
    public void Add(string name, Func<IServiceProvider, ITenantHandler> factory, ServiceLifetime lifetime = ServiceLifetime.Singleton) =>
        Add(TenantRegistration.Of(name, factory, lifetime));

    /// <summary>Adds a tenant that is one function.</summary>
    /// <inheritdoc cref="Add{THandler}(string, ServiceLifetime)"/>
    public void Add(string name, TenantDelegate handler) => Add(TenantRegistration.Of(name, handler));

    /// <summary>Adds a tenant, or replaces the one of that name.</summary>
    /// <inheritdoc cref="Add{THandler}(string, ServiceLifetime)"/>
    public void Set<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where THandler : class, ITenantHandler => Set(TenantRegistration.Of<THandler>(name, lifetime));

    /// <summary>Adds a tenant whose handler a function makes, or replaces the one of that name.</summary>
    /// <inheritdoc cref="Add{THandler}(string, ServiceLifetime)"/>
    public void Set(string name, Func<IServiceProvider, ITenantHandler> factory, ServiceLifetime lifetime = ServiceLifetime.Singleton) =>
        Set(TenantRegistration.Of(name, factory, lifetime));

    /// <summary>Adds a tenant that is one function, or replaces the one of that name.</summary>
    /// <inheritdoc cref="Add{THandler}(string, ServiceLifetime)"/>
    public void Set(string name, TenantDelegate handler) => Set(TenantRegistration.Of(name, handler));

    /// <summary>Removes a tenant, with its tags and all its versions. The next dispatch does not find it; a running one finishes.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Remove(name, static _ => true);
    }

    /// <summary>What serves the next dispatch.</summary>
    internal TenantEntry? Find(string name) =>
        !_entries.TryGetValue(name, out TenantEntry? entry) ? null : entry.Details?.Split is { } split ? split.Choose(entry) : entry;

    internal void Add(TenantRegistration registration)
    {
        lock (_change)
        {
            if (!_entries.TryAdd(registration.Name, registration.CreateEntry()))
            {
                throw new ArgumentException($"There is a tenant '{registration.Name}' already. Replace it with Set, or remove it first.", nameof(registration));
            }
        }
    }

    internal TenantDetails? DetailsOf(string name) => _entries.TryGetValue(name, out TenantEntry? entry) ? entry.Details ?? TenantDetails.None : null;

    /// <summary>Replaces what is registered under a name, or gives it other details; what it held and no longer holds is retired.</summary>
    /// <param name="name">The tenant's name.</param>
    /// <param name="change">Called under the lock with what there is. What it throws leaves everything as it was.</param>
    internal void Change(string name, Func<TenantEntry?, TenantDetails, (TenantEntry Entry, TenantDetails Details)> change)
    {
        TenantEntry? old;
        TenantEntry? oldCandidate;
        TenantEntry entry;
        TenantDetails details;
        lock (_change)
        {
            old = _entries.GetValueOrDefault(name);
            oldCandidate = old?.Details?.Split?.Candidate;
            (entry, details) = change(old, old?.Details ?? TenantDetails.None);

            // A successor is complete before it is seen.
            entry.Details = details;
            _entries[name] = entry;
        }

        foreach (TenantEntry? gone in new[] { old, oldCandidate })
        {
            if (gone is not null && gone != entry && gone != details.Split?.Candidate)
            {
                _ = RetireAsync(gone);
            }
        }
    }

    /// <summary>Removes all tenants, and waits until their handlers are disposed.</summary>
    internal Task RetireAllAsync() => Task.WhenAll(_entries.Keys.Select(name => Retire(name, static _ => true) ?? Task.CompletedTask));

    private void Set(TenantRegistration registration) => Change(
        registration.Name, (_, details) => (registration.CreateEntry(), details with { Versions = null, Split = null }));

    private bool Remove(string name, Func<TenantDetails, bool> condition) => Retire(name, condition) is not null;

    /// <returns>What disposes its handler, or <see langword="null"/> if there is no such tenant.</returns>
    private Task? Retire(string name, Func<TenantDetails, bool> condition)
    {
        TenantEntry? removed;
        lock (_change)
        {
            if (!_entries.TryGetValue(name, out removed) || !condition(removed.Details ?? TenantDetails.None))
            {
                return null;
            }

            _entries.TryRemove(name, out _);
        }

        Task retiring = RetireAsync(removed);
        return removed.Details?.Split is { } split ? Task.WhenAll(retiring, RetireAsync(split.Candidate)) : retiring;
    }

    private async Task RetireAsync(TenantEntry entry)
    {
        try
        {
            // Its constructor and its Dispose are the tenant's code, which the host does not wait for.
            await (entry.HasOwnCode ? Task.Run(async () => await entry.Retire().ConfigureAwait(false)) : entry.Retire().AsTask()).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The handler's own Dispose failed; the change itself is done, so the host's log is told and nobody else.
            _disposeFailed(exception, entry.Name);
        }
    }
}
