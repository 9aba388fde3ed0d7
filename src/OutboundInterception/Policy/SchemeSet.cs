namespace OutboundInterception;

/// <summary>The schemes that a rule is for. <c>http</c> covers <c>ws</c> and <c>https</c> covers <c>wss</c>, not the other way round.</summary>
[Flags]
internal enum SchemeSet
{
    Any = 0,
    Http = 1,
    Https = 2,
    WebSocket = 4,
    SecureWebSocket = 8,
    Tcp = 16,
}
