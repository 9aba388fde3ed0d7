using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace OutboundInterception;

/// <summary>
/// Collects the rules of a namespace and its tenants. <see cref="Build"/> checks them all and compiles them to an
/// <see cref="OutboundPolicy"/>, whose documentation has the precedence. Not thread-safe.
/// </summary>
public sealed class OutboundPolicyBuilder
{
    private readonly PolicyLevelBuilder _namespace = new();
    private readonly Dictionary<string, TenantPolicyBuilder> _tenants = new(StringComparer.Ordinal);
    private readonly List<string> _configurationProblems = [];

    /// <summary>The mode for tenants without one of their own. Default: <see cref="PolicyMode.Enforce"/>.</summary>
    public OutboundPolicyBuilder Mode(PolicyMode mode)
    {
        _namespace.Mode = mode;
        return this;
    }

    /// <summary>
    /// One rule that admits requests to any of the hosts, whatever scheme, port, method and path. With the first allow rule,
    /// all that no allow rule admits is refused. The patterns are those of <see cref="PolicyRuleBuilder.Hosts"/>.
    /// </summary>
    public OutboundPolicyBuilder AllowHosts(params IEnumerable<string> patterns)
    {
        PolicyLevelBuilder.AddHosts(_namespace.AllowRules, patterns);
        return this;
    }

    /// <summary>One rule that refuses requests to any of the hosts. The patterns are those of <see cref="PolicyRuleBuilder.Hosts"/>.</summary>
    public OutboundPolicyBuilder DenyHosts(params IEnumerable<string> patterns)
    {
        PolicyLevelBuilder.AddHosts(_namespace.DenyRules, patterns);
        return this;
    }

    /// <summary>One rule that admits what meets all its conditions.</summary>
    public OutboundPolicyBuilder Allow(Action<PolicyRuleBuilder> configure)
    {
        PolicyLevelBuilder.Add(_namespace.AllowRules, configure);
        return this;
    }

    /// <summary>One rule that refuses what meets all its conditions.</summary>
    public OutboundPolicyBuilder Deny(Action<PolicyRuleBuilder> configure)
    {
        PolicyLevelBuilder.Add(_namespace.DenyRules, configure);
        return this;
    }

    /// <summary>Rules for one tenant. Called again for the same name, which is compared to the letter, it adds to them.</summary>
    public OutboundPolicyBuilder ForTenant(string name, Action<TenantPolicyBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (!_tenants.TryGetValue(name, out TenantPolicyBuilder? tenant))
        {
            _tenants.Add(name, tenant = new TenantPolicyBuilder());
        }

        configure(tenant);
        return this;
    }

    /// <summary>
    /// Adds what a configuration section says; <c>ConfigurationSchema.json</c> in the package describes it. A key that is not
    /// in the schema is a problem, not a comment: a misspelt <c>Deny</c> would be a rule that nobody has.
    /// </summary>
    public OutboundPolicyBuilder AddConfiguration(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        new PolicyConfigurationReader(this, _configurationProblems).Read(section);
        return this;
    }

    /// <summary>Checks everything and compiles it. The builder can go on to be used.</summary>
    /// <exception cref="PolicyValidationException">Something is wrong; it lists all that is.</exception>
    public OutboundPolicy Build()
    {
        RuleCompiler compiler = new();
        compiler.Problems.AddRange(_configurationProblems);
        PolicyLevel root = _namespace.Compile(compiler, tenant: null);
        Dictionary<string, PolicyLevel> tenants = new(_tenants.Count, StringComparer.Ordinal);
        foreach ((string name, TenantPolicyBuilder tenant) in _tenants)
        {
            tenants.Add(name, tenant.Level.Compile(compiler, name));
        }

        return compiler.Problems.Count == 0
            ? new OutboundPolicy(root, tenants.ToFrozenDictionary(StringComparer.Ordinal))
            : throw new PolicyValidationException(compiler.Problems);
    }
}
