namespace OutboundInterception;

/// <summary>The names of all namespaces that were registered, and the workers that configuration may name.</summary>
internal sealed class NamespaceNames
{
    public List<string> Names { get; } = [];

    public Dictionary<string, WorkerRegistration> WorkerServices { get; } = new(StringComparer.Ordinal);
}
