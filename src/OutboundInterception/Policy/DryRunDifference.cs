namespace OutboundInterception;

/// <summary>A request that two policies treat differently, or may.</summary>
/// <param name="Request">The request.</param>
/// <param name="Before">What the policy that was asked says.</param>
/// <param name="After">What the new one would say.</param>
public readonly record struct DryRunDifference(DryRunRequest Request, PolicyDecision Before, PolicyDecision After)
{
    /// <summary>
    /// Whether what is known of the request decides. If not, rules on headers or paths would have to see what the record has not kept:
    /// <see cref="Before"/> and <see cref="After"/> then count that against the request, may be the same, and are only one of the
    /// possible outcomes.
    /// </summary>
    public bool IsCertain { get; init; }

    /// <summary>Whether the two come to the same, so far as can be said.</summary>
    internal bool IsSame => Before.Allowed == After.Allowed && Before.WouldBlock == After.WouldBlock;
}
