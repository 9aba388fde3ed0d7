using System.Collections.Frozen;

namespace OutboundInterception;

/// <summary>What the tenants of a namespace may reach: an immutable, compiled set of rules.</summary>
/// <remarks>
/// <para>The first of these that has something to say decides:</para>
/// <list type="number">
/// <item><description>a deny rule of the namespace;</description></item>
/// <item><description>a deny rule of the tenant;</description></item>
/// <item><description>an allow rule of the tenant;</description></item>
/// <item><description>an allow rule of the namespace;</description></item>
/// <item><description>the default: refused as soon as namespace or tenant have any allow rule, else allowed.</description></item>
/// </list>
/// <para>
/// What a refusal comes to depends on the <see cref="PolicyMode"/>. Rules are judged on the URL as it goes out, before any
/// name is resolved, for every redirect hop anew; what a name resolves to is the address guard's affair.
/// </para>
/// </remarks>
public sealed class OutboundPolicy
{
    private const string DefaultAllowReason = "no rule matched, and neither the namespace nor the tenant has an allow rule";
    private const string DefaultDenyReason = "no allow rule of the tenant or the namespace matched";
    private const string OpenReason = "no rule matched, and the mode is Open";

    private readonly PolicyLevel _namespace;
    private readonly FrozenDictionary<string, PolicyLevel> _tenants;

    internal OutboundPolicy(PolicyLevel root, FrozenDictionary<string, PolicyLevel> tenants, long version = 0)
    {
        _namespace = root;
        _tenants = tenants;
        Version = version;
    }

    /// <summary>Which of a namespace's policies this is, counted from 1; 0 for one that has not been put in force.</summary>
    public long Version { get; }

    /// <summary>
    /// Decides on a request and sends nothing: rule, reason, and in the reason the host pattern that matched.
    /// </summary>
    /// <param name="tenant">The name of the tenant that would send it.</param>
    /// <param name="request">Its URI must be absolute. It is neither changed nor kept.</param>
    /// <exception cref="ArgumentException">The request has no absolute URI.</exception>
    public PolicyDecision Explain(string tenant, HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            throw new ArgumentException("The request has no absolute URI: set RequestUri to the whole URL that would be fetched.", nameof(request));
        }

        CanonicalHost host = HostName.Of(uri);
        PolicyDecision decision = Decide(tenant, new PolicySubject(host, request.Method, uri, request.Headers), out HostMatch match);
        return match.Describe(host) is { } pattern ? decision with { Reason = $"{decision.Reason}, host pattern '{pattern}'" } : decision;
    }

    /// <summary>
    /// Which of the requests <paramref name="newPolicy"/> would treat otherwise than this policy does, refuse or let
    /// through, or only report. Another rule that comes to the same is no difference. Kill switches are not looked at. Also those of
    /// which that cannot be said, because rules ask for headers or paths that were not kept: <see cref="DryRunDifference.IsCertain"/>
    /// tells them apart.
    /// </summary>
    /// <param name="requests">Read as the result is enumerated, and no further.</param>
    /// <param name="newPolicy">The policy that is to be tried.</param>
    public IEnumerable<DryRunDifference> DryRun(IEnumerable<DryRunRequest> requests, OutboundPolicy newPolicy)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(newPolicy);
        return Compare(requests, newPolicy);
    }

    /// <summary>The mode that a tenant is in.</summary>
    public PolicyMode ModeOf(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return _tenants.GetValueOrDefault(tenant)?.Mode ?? _namespace.Mode ?? PolicyMode.Enforce;
    }

    /// <summary>The rules that a tenant's requests are judged by, in the order of precedence.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="atMost">How many are wanted at most: a policy may have a million.</param>
    public IReadOnlyList<PolicyRuleInfo> RulesFor(string tenant, int atMost = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentOutOfRangeException.ThrowIfNegative(atMost);
        PolicyLevel? own = _tenants.GetValueOrDefault(tenant);
        List<PolicyRuleInfo> rules = [];
        foreach ((RuleList? list, bool isTenants) in ((RuleList?, bool)[])[(_namespace.Deny, false), (own?.Deny, true), (own?.Allow, true), (_namespace.Allow, false)])
        {
            ReadOnlySpan<PolicyRule> found = list is null ? [] : list.Rules;
            foreach (PolicyRule rule in found[..int.Min(found.Length, atMost - rules.Count)])
            {
                rules.Add(new PolicyRuleInfo(rule.Id, rule.Denies, isTenants, rule.Conditions));
            }
        }

        return rules;
    }

    internal PolicyDecision Decide(string tenant, in PolicySubject subject) => Decide(tenant, subject, out _);

    /// <summary>The same rules under another number.</summary>
    internal OutboundPolicy WithVersion(long version) => new(_namespace, _tenants, version);

    private PolicyDecision Decide(string tenant, in PolicySubject subject, out HostMatch match)
    {
        PolicyLevel? own = _tenants.Count == 0 ? null : _tenants.GetValueOrDefault(tenant);
        PolicyMode general = _namespace.Mode ?? PolicyMode.Enforce;
        PolicyMode mode = own?.Mode ?? general;
        PolicyRule? rule;
        int depth = 0;
        if ((rule = _namespace.Deny?.Find(subject, out depth)) is not null)
        {
            match = new HostMatch(depth);
            return Refusal(mode, mode == PolicyMode.Report && general == PolicyMode.Report, rule.Id, rule.Reason);
        }

        if ((rule = own?.Deny?.Find(subject, out depth)) is not null)
        {
            match = new HostMatch(depth);
            return Refusal(mode, mode == PolicyMode.Report, rule.Id, rule.Reason);
        }

        if ((rule = own?.Allow?.Find(subject, out depth)) is not null || (rule = _namespace.Allow?.Find(subject, out depth)) is not null)
        {
            match = new HostMatch(depth);
            return new PolicyDecision(true, false, mode, rule.Id, rule.Reason, Version);
        }

        match = HostMatch.None;
        if ((own?.Allow ?? _namespace.Allow) is null)
        {
            return new PolicyDecision(true, false, mode, PolicyDecision.DefaultAllowRule, DefaultAllowReason, Version);
        }

        return mode == PolicyMode.Open
            ? new PolicyDecision(true, false, mode, PolicyDecision.DefaultAllowRule, OpenReason, Version)
            : Refusal(mode, mode == PolicyMode.Report, PolicyDecision.DefaultDenyRule, DefaultDenyReason);
    }

    private PolicyDecision Refusal(PolicyMode mode, bool onlyReported, string ruleId, string reason)
        => new(onlyReported, onlyReported, mode, ruleId, reason, Version);

    private IEnumerable<DryRunDifference> Compare(IEnumerable<DryRunRequest> requests, OutboundPolicy newPolicy)
    {
        foreach (DryRunRequest request in requests)
        {
            DryRunDifference against = Compare(request, newPolicy, favours: false);
            DryRunDifference inFavour = Compare(request, newPolicy, favours: true);
            bool isCertain = IsSame(against.Before, inFavour.Before) && IsSame(against.After, inFavour.After);
            if (!isCertain || !against.IsSame)
            {
                yield return against with { IsCertain = isCertain };
            }
        }

        static bool IsSame(in PolicyDecision one, in PolicyDecision other) => one.Allowed == other.Allowed && one.WouldBlock == other.WouldBlock;
    }

    private DryRunDifference Compare(in DryRunRequest request, OutboundPolicy newPolicy, bool favours)
    {
        CanonicalHost host = HostName.Of(request.Uri);
        PolicySubject subject = request.Uri.Scheme == "tcp" ? PolicySubject.Socket(host, request.Uri.Port) : new PolicySubject(host, request, favours);
        return new DryRunDifference(request, Decide(request.Tenant, subject), newPolicy.Decide(request.Tenant, subject));
    }
}
