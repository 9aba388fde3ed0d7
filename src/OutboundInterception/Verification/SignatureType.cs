using System.Globalization;
using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>A type as it stands in a signature. Immutable; never deeper than <see cref="SignatureReader.MaxDepth"/>.</summary>
internal sealed class SignatureType
{
    /// <summary>The form.</summary>
    public required SignatureKind Kind { get; init; }

    /// <summary>The assembly that declares a <see cref="SignatureKind.Named"/> type; <see langword="null"/> for the one being verified.</summary>
    public string? Assembly { get; init; }

    /// <summary>Its full name in metadata.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where the assembly being verified declares it; nil otherwise.</summary>
    public TypeDefinitionHandle Definition { get; init; }

    /// <summary>The type arguments, or the element.</summary>
    public SignatureType[] Arguments { get; init; } = [];

    /// <summary>The index of a type parameter.</summary>
    public int Index { get; init; }

    /// <summary>The name that the sandbox policy has for it as a parameter.</summary>
    public string PolicyName => Kind switch
    {
        SignatureKind.Named => Name,
        SignatureKind.Array => Arguments[0].PolicyName + "[]",
        SignatureKind.ByRef => Arguments[0].PolicyName + "&",
        SignatureKind.Pointer => Arguments[0].PolicyName + "*",
        SignatureKind.FunctionPointer => "method*",
        SignatureKind.Pinned => Arguments[0].PolicyName,
        SignatureKind.Modified => Arguments[1].PolicyName,
        SignatureKind.TypeParameter => "!" + Index.ToString(CultureInfo.InvariantCulture),
        _ => "!!" + Index.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Whether a type parameter stands in it.</summary>
    public bool IsOpen => Kind is SignatureKind.TypeParameter or SignatureKind.MethodParameter || Array.Exists(Arguments, argument => argument.IsOpen);
}
