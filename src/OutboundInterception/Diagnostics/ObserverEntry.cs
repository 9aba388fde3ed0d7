namespace OutboundInterception;

/// <summary>One observer of a namespace.</summary>
/// <param name="Observer">The observer.</param>
/// <param name="IsOwned">Whether the namespace disposes it.</param>
internal readonly record struct ObserverEntry(IOutboundObserver Observer, bool IsOwned);
