namespace OutboundInterception;

/// <summary>Where the connections for one host go instead.</summary>
/// <param name="IsSecure">Whether TLS is spoken to it.</param>
/// <param name="Host">Its name or address, which the address guard does not judge.</param>
/// <param name="Port">Its port.</param>
internal sealed record RouteTarget(bool IsSecure, CanonicalHost Host, int Port);
