using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>A member as an instruction or an attribute names it. Immutable.</summary>
internal sealed class MemberUse
{
    /// <summary>The type that the token names.</summary>
    public required SignatureType Owner { get; init; }

    /// <summary>The member's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its signature.</summary>
    public required Signature Signature { get; init; }

    /// <summary>The type arguments of a generic method.</summary>
    public SignatureType[] Arguments { get; init; } = [];

    /// <summary>The method of the assembly itself that it is; nil otherwise.</summary>
    public MethodDefinitionHandle Method { get; init; }

    /// <summary>The field of the assembly itself that it is; nil otherwise.</summary>
    public FieldDefinitionHandle Field { get; init; }

    /// <summary>What the policy says; a member of the assembly itself is allowed.</summary>
    public required SandboxVerdict Verdict { get; init; }

    /// <summary>How reports name it.</summary>
    public string Target => Owner.PolicyName + "::" + Name;

    /// <summary>Whether the assembly itself declares it.</summary>
    public bool IsOwn => Owner.Kind == SignatureKind.Named && Owner.Assembly is null;

    /// <summary>Whether it is the constructor of a delegate: an object, and where the code is.</summary>
    public bool IsDelegateConstructor => Name == ".ctor" && Signature.PolicyNames is ["System.Object", "System.IntPtr"];
}
