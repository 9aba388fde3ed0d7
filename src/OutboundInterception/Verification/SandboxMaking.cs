namespace OutboundInterception;

/// <summary>Whether a member makes objects of its type arguments, by constructors that no code names.</summary>
internal enum SandboxMaking
{
    /// <summary>It makes none.</summary>
    None,

    /// <summary>It calls the constructor without parameters of its type arguments.</summary>
    Activate,

    /// <summary>It makes its type arguments and whatever their elements, type arguments, fields and properties are.</summary>
    Deserialize,
}
