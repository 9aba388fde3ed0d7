using System.Net.WebSockets;

namespace OutboundInterception;

/// <summary>How <see cref="TenantContext.AcceptWebSocket"/> answers a client.</summary>
public sealed class WebSocketAcceptOptions
{
    /// <summary>The sub-protocol to speak: one of those that the client offered in <c>Sec-WebSocket-Protocol</c>.</summary>
    /// <value><see langword="null"/> by default: none.</value>
    public string? SubProtocol { get; init; }

    /// <summary>How often a keep-alive is sent; <see cref="TimeSpan.Zero"/> for never.</summary>
    /// <value><see cref="WebSocket.DefaultKeepAliveInterval"/> by default.</value>
    public TimeSpan KeepAliveInterval { get; init; } = WebSocket.DefaultKeepAliveInterval;
}
