using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>Holds types that stand in signatures and instructions against the policy.</summary>
internal sealed class TypeUses(SandboxPolicy policy, MetadataReader reader, VerificationReport report, WorkBudget budget)
{
    // Types are read once and used often: asking the policy each time would be most of the work.
    private readonly HashSet<SignatureType> _allowed = new(ReferenceEqualityComparer.Instance);

    /// <summary>Checks that a type, and all that it is made of, may be mentioned.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isCompilers">Whether it stands in the signature of a member that only compilers use.</param>
    /// <returns>Whether it may.</returns>
    public bool Mention(SignatureType type, bool isCompilers = false)
    {
        budget.Spend();
        if (_allowed.Contains(type))
        {
            return true;
        }

        bool allowed = true;
        foreach (SignatureType argument in type.Arguments)
        {
            allowed &= Mention(argument, isCompilers);
        }

        allowed = type.Kind switch
        {
            SignatureKind.Named => MentionNamed(type, isCompilers) && allowed,
            SignatureKind.Pointer when isCompilers => allowed,
            SignatureKind.Pointer or SignatureKind.FunctionPointer or SignatureKind.Pinned => Refuse(type),
            _ => allowed,
        };
        if (allowed && !isCompilers)
        {
            _allowed.Add(type);
        }

        return allowed;
    }

    /// <summary>Checks that a type may be a base class, or an interface that is implemented.</summary>
    public void Inherit(SignatureType type)
    {
        foreach (SignatureType argument in type.Arguments)
        {
            Mention(argument);
        }

        if (type.Kind != SignatureKind.Named)
        {
            report.Add(VerificationRule.Inheritance, type.PolicyName, "it is no class or interface");
        }
        else if (type.Assembly is { } assembly)
        {
            SandboxVerdict verdict = policy.Check(assembly, type.Name, SandboxRelation.Inherit);
            if (!verdict.IsAllowed)
            {
                report.Add(VerificationRule.Inheritance, type.Name, verdict.Reason);
            }
        }
    }

    /// <summary>Checks all types of a signature.</summary>
    public bool Mention(Signature signature, bool isCompilers = false)
    {
        bool allowed = signature.Return is null || Mention(signature.Return, isCompilers);
        foreach (SignatureType type in signature.Types)
        {
            allowed &= Mention(type, isCompilers);
        }

        return allowed;
    }

    /// <summary>Checks references that nothing uses, so that what other readers of metadata see is checked too.</summary>
    public void CheckReferences(MetadataNames names)
    {
        report.EnterAssembly();
        HashSet<string> reported = report.Violations.Select(violation => violation.Target).ToHashSet(StringComparer.Ordinal);
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            SignatureType type = names.Of(handle);
            if (!policy.Knows(type.Assembly!, type.Name)
                && !reported.Contains(type.Name) && !reported.Any(target => target.StartsWith(type.Name + "::", StringComparison.Ordinal)))
            {
                report.Add(VerificationRule.Type, type.Name, policy.Check(type.Assembly!, type.Name, SandboxRelation.Mention).Reason);
            }
        }
    }

    private bool MentionNamed(SignatureType type, bool isCompilers)
    {
        if (type.Assembly is not { } assembly)
        {
            return true;
        }

        SandboxVerdict verdict = policy.Check(assembly, type.Name, SandboxRelation.Mention);
        bool allowed = verdict.IsAllowed || (verdict.Effect == SandboxEffect.CompilerOnly && (isCompilers || verdict.Shape is "any" or "json-metadata"));
        if (!allowed)
        {
            report.Add(VerificationRule.Type, type.Name, verdict.Reason);
        }

        return allowed;
    }

    private bool Refuse(SignatureType type)
    {
        report.Add(VerificationRule.Pointers, type.PolicyName, type.Kind switch
        {
            SignatureKind.FunctionPointer => "a function pointer calls what no name says",
            SignatureKind.Pinned => "pinned memory is memory that pointers reach",
            _ => "a pointer reaches any memory of the process",
        });
        return false;
    }
}
