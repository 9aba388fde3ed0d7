namespace OutboundInterception;

/// <summary>How <see cref="SocketCapability.ConnectAsync"/> opens a socket.</summary>
public sealed class SocketConnectOptions
{
    /// <summary>Whether it speaks TLS, for the host that it is opened to.</summary>
    /// <value><see cref="SecureTransport.Off"/> by default.</value>
    public SecureTransport SecureTransport { get; init; }

    /// <summary>Whether writing goes on when the other side has finished sending.</summary>
    /// <value><see langword="false"/> by default: the socket is closed then.</value>
    public bool AllowHalfOpen { get; init; }
}
