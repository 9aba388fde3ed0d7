namespace OutboundInterception;

/// <summary>One tenant's wish to call another.</summary>
/// <param name="Caller">The tenant that asks.</param>
/// <param name="Target">The tenant that it asks for; there may be none of that name.</param>
public readonly record struct NestedDispatch(string Caller, string Target);
