namespace OutboundInterception;

/// <summary>What a tenant may say about a dispatch that it starts itself. Outbound parameters are not among it.</summary>
public sealed class NestedDispatchOptions
{
    /// <summary>What the other tenant finds in <see cref="TenantContext.Arguments"/>. Copied when the dispatch is named.</summary>
    /// <value>Empty by default.</value>
    public IDictionary<string, object?> Arguments { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);
}
