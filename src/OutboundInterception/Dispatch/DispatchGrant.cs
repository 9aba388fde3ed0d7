namespace OutboundInterception;

/// <summary>What a dispatch is given beyond its parameters, where it is given anything. Immutable.</summary>
/// <param name="Arguments">For the tenant to read.</param>
/// <param name="Limits">Instead of the namespace's.</param>
/// <param name="Depth">How many dispatches stand above this one.</param>
/// <param name="CdnLoop">What its subrequests carry, where that is more than the namespace's own entry.</param>
/// <param name="Call">The tenant's call that it answers, where it is a nested one.</param>
internal sealed record DispatchGrant(
    IReadOnlyDictionary<string, object?>? Arguments, EffectiveLimits? Limits, int Depth, string? CdnLoop = null, NestedCall? Call = null);
