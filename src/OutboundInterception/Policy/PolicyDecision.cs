namespace OutboundInterception;

/// <summary>What the policy says of one subrequest, and why. Rule and reason are the host's to see, never the tenant's.</summary>
/// <param name="Allowed">Whether it may go on.</param>
/// <param name="WouldBlock">
/// Whether <see cref="PolicyMode.Report"/> is all that let it through; then rule and reason are those of the refusal.
/// </param>
/// <param name="Mode">The mode that the tenant is in.</param>
/// <param name="RuleId">
/// The rule that decided: its <c>Id</c>, or <c>allow-1</c>, <c>deny-2</c> by place in the list, with <c>tenant/</c> before it
/// for a tenant's own; or one of <see cref="KillSwitchRule"/>, <see cref="DefaultAllowRule"/>, <see cref="DefaultDenyRule"/>.
/// </param>
/// <param name="Reason">One line for the log. It names no path, query or header value of the request.</param>
/// <param name="PolicyVersion">The <see cref="OutboundPolicy.Version"/> that decided.</param>
public readonly record struct PolicyDecision(
    bool Allowed, bool WouldBlock, PolicyMode Mode, string RuleId, string Reason, long PolicyVersion)
{
    /// <summary>The tenant is switched off: nothing goes out, whatever rules and mode say.</summary>
    public const string KillSwitchRule = "kill-switch";

    /// <summary>No rule decided, and there is no allow rule for this tenant, or the mode asks for none.</summary>
    public const string DefaultAllowRule = "default-allow";

    /// <summary>No rule decided, and there are allow rules for this tenant that the request does not meet.</summary>
    public const string DefaultDenyRule = "default-deny";

    internal static bool IsReserved(string ruleId) => ruleId is KillSwitchRule or DefaultAllowRule or DefaultDenyRule;
}
