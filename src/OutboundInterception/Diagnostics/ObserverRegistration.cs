namespace OutboundInterception;

/// <summary>One observer of a namespace as the host asked for it.</summary>
/// <param name="Factory">Gives the observer, once.</param>
/// <param name="IsOwned">Whether the namespace disposes it, when its last subrequest is over.</param>
internal sealed record ObserverRegistration(Func<IServiceProvider, IOutboundObserver> Factory, bool IsOwned);
