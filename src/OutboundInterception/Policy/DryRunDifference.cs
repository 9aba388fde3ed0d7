namespace OutboundInterception;

/// <summary>A request that two policies treat differently.</summary>
/// <param name="Request">The request.</param>
/// <param name="Before">What the policy that was asked says.</param>
/// <param name="After">What the new one would say.</param>
public readonly record struct DryRunDifference(DryRunRequest Request, PolicyDecision Before, PolicyDecision After);
