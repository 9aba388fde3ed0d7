namespace OutboundInterception;

/// <summary>What is known of an open socket.</summary>
/// <param name="RemoteAddress">Host and port as they were asked for. What the host's name resolved to is not told.</param>
/// <param name="SecureTransport">Whether TLS is spoken.</param>
public sealed record SocketInfo(string RemoteAddress, SecureTransport SecureTransport);
