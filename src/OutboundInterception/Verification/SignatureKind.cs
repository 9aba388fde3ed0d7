namespace OutboundInterception;

/// <summary>The forms that a type in a signature takes.</summary>
internal enum SignatureKind
{
    /// <summary>A class, value type or primitive, perhaps with type arguments.</summary>
    Named,

    /// <summary>An array; the element is its one argument.</summary>
    Array,

    /// <summary>A reference to the one argument.</summary>
    ByRef,

    /// <summary>A pointer to the one argument.</summary>
    Pointer,

    /// <summary>A pointer to a function.</summary>
    FunctionPointer,

    /// <summary>A pinned local of the one argument's type.</summary>
    Pinned,

    /// <summary>A type parameter of the type.</summary>
    TypeParameter,

    /// <summary>A type parameter of the method.</summary>
    MethodParameter,

    /// <summary>The second argument, modified by the first.</summary>
    Modified,
}
