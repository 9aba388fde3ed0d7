namespace OutboundInterception;

/// <summary>The rule of <see cref="TenantAssemblyVerifier"/> that an assembly breaks.</summary>
public enum VerificationRule
{
    /// <summary>The file is not a well-formed managed assembly, or takes more work to read than its size warrants.</summary>
    Malformed,

    /// <summary>The file holds more than IL: native code, precompiled code, exports, other files, edit-and-continue tables.</summary>
    Image,

    /// <summary>It references an assembly or module that tenant code may not use, forwards types, or bears a reserved name.</summary>
    Reference,

    /// <summary>It mentions a type that tenant code may not use.</summary>
    Type,

    /// <summary>It calls, reads or writes a member that tenant code may not use.</summary>
    Member,

    /// <summary>It derives from a class or implements an interface that it may not.</summary>
    Inheritance,

    /// <summary>A method has no IL body: P/Invoke, internal call, runtime-provided code.</summary>
    NativeCode,

    /// <summary>Fields are laid out so that they may overlap, or memory is left uninitialised.</summary>
    Layout,

    /// <summary>Code runs when the module is loaded.</summary>
    Initializer,

    /// <summary>A pointer, a function pointer, a pinned local or a typed reference.</summary>
    Pointers,

    /// <summary>An IL instruction that verifiable code does not have.</summary>
    Instruction,

    /// <summary>An attribute that changes what the code may do, or one whose arguments name what it may not use.</summary>
    Attribute,

    /// <summary>A member that only a compiler may use, used in another way than compilers do.</summary>
    CompilerShape,

    /// <summary>A type argument would be made by a constructor that tenant code may not call.</summary>
    Activation,
}
