namespace OutboundInterception;

internal enum HostPatternKind
{
    /// <summary><c>**</c>: every name and every address.</summary>
    Everything,

    /// <summary>One name.</summary>
    Exact,

    /// <summary><c>*.suffix</c>: every name below the suffix, at any depth; not the suffix, never an address.</summary>
    Below,

    /// <summary>One address, in any spelling.</summary>
    Address,
}
