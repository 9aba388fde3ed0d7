using System.Net.WebSockets;

namespace OutboundInterception;

/// <summary>How <see cref="TenantContext.ConnectWebSocketAsync"/> opens a WebSocket.</summary>
public sealed class WebSocketConnectOptions
{
    /// <summary>Sub-protocols to offer, in order of preference.</summary>
    /// <value>None by default.</value>
    public IList<string> SubProtocols { get; init; } = [];

    /// <summary>Headers of the handshake, which outbound workers see.</summary>
    /// <value>None by default.</value>
    public IDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The version to ask with: 1.1 (<c>Upgrade</c>) or 2.0 (RFC 8441).</summary>
    /// <value>1.1 by default.</value>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version11;

    /// <summary>Whether another version than <see cref="HttpVersion"/> may be used.</summary>
    /// <value><see cref="HttpVersionPolicy.RequestVersionOrLower"/> by default.</value>
    public HttpVersionPolicy HttpVersionPolicy { get; init; } = HttpVersionPolicy.RequestVersionOrLower;

    /// <summary>How often a keep-alive is sent; <see cref="TimeSpan.Zero"/> for never.</summary>
    /// <value><see cref="WebSocket.DefaultKeepAliveInterval"/> by default.</value>
    public TimeSpan KeepAliveInterval { get; init; } = WebSocket.DefaultKeepAliveInterval;

    /// <summary>Offers per-message compression when set (RFC 7692); mind what it reveals about secrets beside untrusted text.</summary>
    /// <value><see langword="null"/> by default: none is offered.</value>
    public WebSocketDeflateOptions? DangerousDeflateOptions { get; init; }
}
