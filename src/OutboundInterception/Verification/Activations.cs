using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>
/// Finds type arguments that would be made by a constructor which no instruction names: <c>JsonSerializer.Deserialize&lt;T&gt;</c>,
/// <c>new T()</c>. What tenant code may not construct itself it may not have constructed so.
/// </summary>
internal sealed class Activations(SandboxPolicy policy, MetadataReader reader, SignatureReader signatures, VerificationReport report, WorkBudget budget)
{
    private readonly List<Action> _pending = [];
    private bool _makesTypeParameters;

    /// <summary>Looks at one use of a member.</summary>
    /// <returns>Whether all uses of it are alike, so that no other needs to be looked at.</returns>
    public bool Check(MemberUse use)
    {
        bool isClean = true;
        if (use.Verdict.Making != SandboxMaking.None)
        {
            foreach (SignatureType argument in use.Arguments)
            {
                _makesTypeParameters |= argument.IsOpen;
                if (Unmakeable(argument, use.Verdict.Making == SandboxMaking.Deserialize) is { } type)
                {
                    report.Add(VerificationRule.Activation, type.PolicyName, Reason(use));
                    isClean = false;
                }
            }
        }
        else if (use.IsOwn)
        {
            // What an own generic method does with its type parameter is known when all bodies have been read.
            foreach (SignatureType argument in use.Arguments.Concat(use.Owner.Arguments))
            {
                if (Unmakeable(argument, true) is { } type)
                {
                    _pending.Add(report.Later(VerificationRule.Activation, type.PolicyName, Reason(use)));
                    isClean = false;
                }
            }
        }

        return isClean;
    }

    /// <summary>Reports what an own generic method or type may make, when any of them makes its type parameter.</summary>
    public void Finish()
    {
        if (_makesTypeParameters)
        {
            _pending.ForEach(pending => pending());
        }
    }

    private static string Reason(MemberUse use) => $"{use.Target} could make an object of it";

    private SignatureType? Unmakeable(SignatureType root, bool isDeep)
    {
        // A list of work and not recursion: types can be chained as deep as the file is long.
        HashSet<TypeDefinitionHandle> seen = [];
        Stack<SignatureType> work = new([root]);
        while (work.TryPop(out SignatureType? type))
        {
            budget.Spend();
            if (IsUnmakeable(type))
            {
                return type;
            }

            if (isDeep)
            {
                Array.ForEach(type.Arguments, work.Push);
                if (!type.Definition.IsNil && seen.Add(type.Definition))
                {
                    foreach (SignatureType part in Parts(type.Definition))
                    {
                        work.Push(part);
                    }
                }
            }
        }

        return null;
    }

    // Its members may be called, but not the constructor that takes nothing.
    private bool IsUnmakeable(SignatureType type) =>
        type is { Kind: SignatureKind.Named, Assembly: { } assembly }
        && policy.Check(assembly, type.Name, SandboxRelation.Call).IsAllowed
        && policy.CheckMember(assembly, type.Name, ".ctor", []).Effect == SandboxEffect.Denied;

    private IEnumerable<SignatureType> Parts(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            FieldDefinition definition = reader.GetFieldDefinition(field);
            if ((definition.Attributes & System.Reflection.FieldAttributes.Static) == 0)
            {
                yield return signatures.Read(definition.Signature).Return!;
            }
        }

        foreach (PropertyDefinitionHandle property in type.GetProperties())
        {
            yield return signatures.Read(reader.GetPropertyDefinition(property).Signature).Return!;
        }

        if (!type.BaseType.IsNil)
        {
            yield return signatures.TypeOf(type.BaseType);
        }
    }
}
