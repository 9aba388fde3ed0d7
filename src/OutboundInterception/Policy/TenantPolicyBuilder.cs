namespace OutboundInterception;

/// <summary>The rules of one tenant, which come after the namespace's deny rules and before its allow rules.</summary>
public sealed class TenantPolicyBuilder
{
    internal TenantPolicyBuilder()
    {
    }

    internal PolicyLevelBuilder Level { get; } = new();

    /// <summary>The mode for this tenant; by default the namespace's.</summary>
    public TenantPolicyBuilder Mode(PolicyMode mode)
    {
        Level.Mode = mode;
        return this;
    }

    /// <inheritdoc cref="OutboundPolicyBuilder.AllowHosts"/>
    public TenantPolicyBuilder AllowHosts(params IEnumerable<string> patterns)
    {
        PolicyLevelBuilder.AddHosts(Level.AllowRules, patterns);
        return this;
    }

    /// <inheritdoc cref="OutboundPolicyBuilder.DenyHosts"/>
    public TenantPolicyBuilder DenyHosts(params IEnumerable<string> patterns)
    {
        PolicyLevelBuilder.AddHosts(Level.DenyRules, patterns);
        return this;
    }

    /// <inheritdoc cref="OutboundPolicyBuilder.Allow"/>
    public TenantPolicyBuilder Allow(Action<PolicyRuleBuilder> configure)
    {
        PolicyLevelBuilder.Add(Level.AllowRules, configure);
        return this;
    }

    /// <inheritdoc cref="OutboundPolicyBuilder.Deny"/>
    public TenantPolicyBuilder Deny(Action<PolicyRuleBuilder> configure)
    {
        PolicyLevelBuilder.Add(Level.DenyRules, configure);
        return this;
    }
}
