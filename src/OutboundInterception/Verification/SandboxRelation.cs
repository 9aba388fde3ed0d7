namespace OutboundInterception;

/// <summary>How code stands to a type that the sandbox policy speaks of.</summary>
internal enum SandboxRelation
{
    /// <summary>The type stands in a signature, a local, a cast, a <c>typeof</c> or as a type argument.</summary>
    Mention,

    /// <summary>One of its members is called, read or written.</summary>
    Call,

    /// <summary>It is a base class, or an interface that is implemented.</summary>
    Inherit,
}
