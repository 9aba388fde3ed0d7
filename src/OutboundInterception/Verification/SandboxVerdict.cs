namespace OutboundInterception;

/// <summary>The sandbox policy's answer to one use of a type or member.</summary>
internal readonly struct SandboxVerdict(SandboxEffect effect, string reason, string? shape = null, SandboxMaking making = SandboxMaking.None)
{
    /// <summary>Whether it is allowed.</summary>
    public SandboxEffect Effect { get; } = effect;

    /// <summary>Why, in words for the tenant's author.</summary>
    public string Reason { get; } = reason;

    /// <summary>The shape in which a compiler emits it; <see langword="null"/> unless it is <see cref="SandboxEffect.CompilerOnly"/>.</summary>
    public string? Shape { get; } = shape;

    /// <summary>Whether the member makes objects of its type arguments.</summary>
    public SandboxMaking Making { get; } = making;

    /// <summary>Whether source code may have it.</summary>
    public bool IsAllowed => Effect == SandboxEffect.Allowed;
}
