namespace OutboundInterception;

/// <summary>What the builders of the namespace and of a tenant have in common.</summary>
internal sealed class PolicyLevelBuilder
{
    public PolicyMode? Mode { get; set; }

    public List<PolicyRuleBuilder> AllowRules { get; } = [];

    public List<PolicyRuleBuilder> DenyRules { get; } = [];

    public static void AddHosts(List<PolicyRuleBuilder> rules, IEnumerable<string> patterns)
        => rules.Add(new PolicyRuleBuilder().Hosts(patterns));

    public static void Add(List<PolicyRuleBuilder> rules, Action<PolicyRuleBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        PolicyRuleBuilder rule = new();
        configure(rule);
        rules.Add(rule);
    }

    public PolicyLevel Compile(RuleCompiler compiler, string? tenant)
    {
        if (Mode is { } mode && !Enum.IsDefined(mode))
        {
            compiler.Problems.Add($"The mode of {(tenant is null ? "the namespace" : $"tenant '{tenant}'")} is none; write Enforce, Report or Open.");
        }

        return new PolicyLevel(
            Mode,
            compiler.Compile(AllowRules, denies: false, tenant),
            compiler.Compile(DenyRules, denies: true, tenant));
    }
}
