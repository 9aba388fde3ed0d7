namespace OutboundInterception;

/// <summary>What the sandbox policy says of one type and of its members.</summary>
internal sealed class SandboxTypeRule(bool mention, bool call, bool inherit, string? shape, string reason)
{
    /// <summary>Its lines about members, in the order of the file.</summary>
    public List<SandboxMemberRule> Members { get; } = [];

    /// <summary>What holds for the type itself.</summary>
    public SandboxVerdict Check(SandboxRelation relation) => relation switch
    {
        SandboxRelation.Mention when mention => new SandboxVerdict(SandboxEffect.Allowed, reason),
        SandboxRelation.Call when call => new SandboxVerdict(SandboxEffect.Allowed, reason),
        SandboxRelation.Inherit when inherit => new SandboxVerdict(SandboxEffect.Allowed, reason),
        SandboxRelation.Inherit => new SandboxVerdict(SandboxEffect.Denied, "it may not be derived from or implemented"),
        _ when shape is not null => new SandboxVerdict(SandboxEffect.CompilerOnly, reason.Length > 0 ? reason : "only compilers may use it", shape),
        _ => new SandboxVerdict(SandboxEffect.Denied, reason.Length > 0 ? reason : "it is not on the list of what tenant code may use"),
    };

    /// <summary>What holds for one of its members; <paramref name="inherited"/> are the lines that hold on every type.</summary>
    public SandboxVerdict Check(string member, IReadOnlyList<string> parameters, List<SandboxMemberRule> inherited)
    {
        SandboxMaking making = SandboxMaking.None;
        SandboxMemberRule? decisive = null;
        foreach (SandboxMemberRule rule in Members)
        {
            if (rule.Fits(member, parameters))
            {
                making = rule.Making > making ? rule.Making : making;
                decisive = rule.Effect is null ? decisive : rule;
            }
        }

        if (decisive is null && call)
        {
            decisive = inherited.Find(rule => rule.Fits(member, parameters));
        }

        if (decisive is not null)
        {
            string why = decisive.Reason.Length > 0 ? decisive.Reason : "it is not on the list of what tenant code may call";
            return new SandboxVerdict(decisive.Effect!.Value, why, decisive.Shape, making);
        }

        if (!call)
        {
            return new SandboxVerdict(SandboxEffect.Denied, "it is not on the list of what tenant code may call");
        }

        return TakesType(parameters)
            ? new SandboxVerdict(SandboxEffect.Denied, "it takes a System.Type, which may be one that only the run time knows")
            : new SandboxVerdict(SandboxEffect.Allowed, reason, null, making);
    }

    private static bool TakesType(IReadOnlyList<string> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].StartsWith("System.Type", StringComparison.Ordinal)
                && (parameters[i].Length == 11 || parameters[i][11] is '[' or '&'))
            {
                return true;
            }
        }

        return false;
    }
}
