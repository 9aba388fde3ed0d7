namespace OutboundInterception;

/// <summary>What becomes of a subrequest that the rules do not admit. Set per namespace, and per tenant where it differs.</summary>
public enum PolicyMode
{
    /// <summary>The default. It is refused.</summary>
    Enforce,

    /// <summary>
    /// It goes out, and its record says that it would have been refused: for trying an allow list before it counts. A deny
    /// rule of the namespace is only reported if namespace and tenant are both in this mode: what the platform forbids
    /// everybody is not lifted while one tenant's list is tried.
    /// </summary>
    Report,

    /// <summary>It goes out unless a deny rule names it: allow rules need not be met, deny rules still refuse.</summary>
    Open,
}
