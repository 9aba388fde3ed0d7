namespace OutboundInterception;

/// <summary>A namespace has no tenant of that name. No tenant code has run.</summary>
public sealed class TenantNotFoundException : Exception
{
    internal TenantNotFoundException(string name, string namespaceName)
        // The original's documented check is that the message starts with these words.
        : base($"Worker not found. The namespace '{namespaceName}' has no tenant '{name}'.")
    {
        Name = name;
        Namespace = namespaceName;
    }

    /// <summary>The name that was looked for.</summary>
    public string Name { get; }

    /// <summary>Where it was looked for.</summary>
    public string Namespace { get; }
}
