namespace OutboundInterception;

/// <summary>What the sandbox policy says of one use.</summary>
internal enum SandboxEffect
{
    /// <summary>Not allowed: whatever the policy does not list.</summary>
    Denied,

    /// <summary>Allowed.</summary>
    Allowed,

    /// <summary>Allowed where a compiler emits it in the shape that the verdict names; source code may not write it.</summary>
    CompilerOnly,
}
