using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>Makes each namespace once, and disposes them with the container.</summary>
internal sealed class DispatchNamespaces : IDispatchNamespaces, IAsyncDisposable, IDisposable
{
    private readonly Dictionary<string, Lazy<DispatchNamespace>> _namespaces;

    public DispatchNamespaces(NamespaceNames names, IServiceProvider services)
    {
        _namespaces = names.Names.ToDictionary(
            static name => name, name => new Lazy<DispatchNamespace>(() => NamespaceFactory.Create(name, services)), StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Names => _namespaces.Keys;

    private string Known => string.Join(", ", Names.Select(static name => $"'{name}'"));

    public DispatchNamespace Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryGet(name, out DispatchNamespace? value)
            ? value
            : throw new InvalidOperationException($"There is no dispatch namespace '{name}'. There are: {Known}. Add it with AddDispatchNamespace(\"{name}\").");
    }

    public bool TryGet(string name, [NotNullWhen(true)] out DispatchNamespace? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        value = _namespaces.TryGetValue(name, out Lazy<DispatchNamespace>? found) ? found.Value : null;
        return value is not null;
    }

    public DispatchNamespace GetSingle() => _namespaces.Count == 1
        ? _namespaces.Values.Single().Value
        : throw new InvalidOperationException(
            $"There are several dispatch namespaces: {Known}. Ask for one by its key: GetRequiredKeyedService<DispatchNamespace>(name) or [FromKeyedServices(name)].");

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<DispatchNamespace> made in _namespaces.Values.Where(static made => made.IsValueCreated))
        {
            await made.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    // A container that is disposed synchronously waits: connections and background work must end with it.
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();
}
