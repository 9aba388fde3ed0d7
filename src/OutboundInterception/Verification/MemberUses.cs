using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>Finds out what member a token names, and holds it against the policy.</summary>
internal sealed class MemberUses(
    SandboxPolicy policy, MetadataReader reader, MetadataNames names, SignatureReader signatures, TypeUses types, Activations activations, VerificationReport report)
{
    private static readonly SandboxVerdict s_own = new(SandboxEffect.Allowed, "");

    private readonly Dictionary<EntityHandle, MemberUse> _known = [];
    private readonly HashSet<MemberUse> _allowed = new(ReferenceEqualityComparer.Instance);

    /// <summary>The member that a token names.</summary>
    public MemberUse Resolve(EntityHandle handle)
    {
        if (!_known.TryGetValue(handle, out MemberUse? use))
        {
            use = handle.Kind switch
            {
                HandleKind.MethodDefinition => Own((MethodDefinitionHandle)handle),
                HandleKind.FieldDefinition => Own((FieldDefinitionHandle)handle),
                HandleKind.MemberReference => Reference((MemberReferenceHandle)handle),
                HandleKind.MethodSpecification => Instance((MethodSpecificationHandle)handle),
                _ => throw new BadImageFormatException("A token should name a member and does not."),
            };
            _known.Add(handle, use);
        }

        return use;
    }

    /// <summary>Checks a member. One that only compilers may use is left to the caller, who sees how it is used.</summary>
    /// <returns>Whether it may be used, as far as can be seen here.</returns>
    public bool Check(MemberUse use)
    {
        if (_allowed.Contains(use))
        {
            return true;
        }

        if (use.Verdict.Effect == SandboxEffect.Denied)
        {
            report.Add(VerificationRule.Member, use.Target, use.Verdict.Reason);
            return false;
        }

        bool isCompilers = use.Verdict.Effect == SandboxEffect.CompilerOnly;
        bool allowed = true;
        foreach (SignatureType argument in use.Owner.Arguments)
        {
            allowed &= types.Mention(argument);
        }

        foreach (SignatureType argument in use.Arguments)
        {
            allowed &= types.Mention(argument);
        }

        if (!use.IsOwn)
        {
            allowed &= types.Mention(use.Signature, isCompilers);
        }

        if (allowed && activations.Check(use))
        {
            _allowed.Add(use);
        }

        return allowed;
    }

    /// <summary>Checks references that nothing uses, so that what other readers of metadata see is checked too.</summary>
    public void CheckReferences()
    {
        report.EnterAssembly();
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            if (!_known.ContainsKey(handle))
            {
                Check(Resolve(handle));
            }
        }
    }

    /// <summary>What a method of the assembly itself returns.</summary>
    public SignatureType ReturnType(MethodDefinition method) => signatures.Read(method.Signature).Return!;

    private MemberUse Own(MethodDefinitionHandle handle)
    {
        MethodDefinition method = reader.GetMethodDefinition(handle);
        return new MemberUse
        {
            Owner = names.Of(method.GetDeclaringType()),
            Name = reader.GetString(method.Name),
            Signature = signatures.Read(method.Signature),
            Method = handle,
            Verdict = s_own,
        };
    }

    private MemberUse Own(FieldDefinitionHandle handle)
    {
        FieldDefinition field = reader.GetFieldDefinition(handle);
        return new MemberUse
        {
            Owner = names.Of(field.GetDeclaringType()),
            Name = reader.GetString(field.Name),
            Signature = signatures.Read(field.Signature),
            Field = handle,
            Verdict = s_own,
        };
    }

    private MemberUse Instance(MethodSpecificationHandle handle)
    {
        MethodSpecification specification = reader.GetMethodSpecification(handle);
        if (specification.Method.Kind is not (HandleKind.MethodDefinition or HandleKind.MemberReference))
        {
            throw new BadImageFormatException("A generic method's instance names no method.");
        }

        MemberUse method = Resolve(specification.Method);
        return new MemberUse
        {
            Owner = method.Owner,
            Name = method.Name,
            Signature = method.Signature,
            Method = method.Method,
            Arguments = signatures.Read(specification.Signature).Types,
            Verdict = method.Verdict,
        };
    }

    private MemberUse Reference(MemberReferenceHandle handle)
    {
        MemberReference member = reader.GetMemberReference(handle);
        string name = reader.GetString(member.Name);
        Signature signature = signatures.Read(member.Signature);
        SignatureType owner = member.Parent.Kind == HandleKind.MethodDefinition
            ? names.Of(reader.GetMethodDefinition((MethodDefinitionHandle)member.Parent).GetDeclaringType())
            : signatures.TypeOf(member.Parent);
        return new MemberUse { Owner = owner, Name = name, Signature = signature, Verdict = Judge(owner, name, signature), Method = Find(owner, name, signature) };
    }

    private SandboxVerdict Judge(SignatureType owner, string name, Signature signature)
    {
        if (signature.IsUnusual)
        {
            return new SandboxVerdict(SandboxEffect.Denied, "its calling convention is not that of managed code");
        }

        return owner.Kind switch
        {
            SignatureKind.Array when name is "Get" or "Set" or "Address" or ".ctor" => s_own,
            SignatureKind.Named when owner.Assembly is { } assembly => policy.CheckMember(assembly, owner.Name, name, signature.PolicyNames),
            SignatureKind.Named when Declares(owner, name) => s_own,
            SignatureKind.Named => new SandboxVerdict(SandboxEffect.Denied, "an inherited member must be named by the type that declares it"),
            _ => new SandboxVerdict(SandboxEffect.Denied, "it is named by something that declares no members"),
        };
    }

    private bool Declares(SignatureType owner, string name)
    {
        TypeDefinition type = reader.GetTypeDefinition(owner.Definition);
        return type.GetMethods().Any(method => reader.StringComparer.Equals(reader.GetMethodDefinition(method).Name, name))
            || type.GetFields().Any(field => reader.StringComparer.Equals(reader.GetFieldDefinition(field).Name, name));
    }

    private MethodDefinitionHandle Find(SignatureType owner, string name, Signature signature) =>
        owner.Kind != SignatureKind.Named || owner.Definition.IsNil || signature.IsField
            ? default
            : reader.GetTypeDefinition(owner.Definition).GetMethods()
                .FirstOrDefault(method => reader.StringComparer.Equals(reader.GetMethodDefinition(method).Name, name));
}
