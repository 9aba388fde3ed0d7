using System.Buffers;
using System.Collections.Frozen;

namespace OutboundInterception;

/// <summary>Which headers go on, and what may be in them.</summary>
internal static class HeaderRules
{
    private static readonly SearchValues<char> s_valueCharacters = SearchValues.Create(Enumerable.Range(0x20, 0x5f).Select(static code => (char)code).Append('\t').ToArray());

    // Hop-by-hop (RFC 9110, section 7.6.1), framing, forwarding, tracing, and those that tell a server to take the request
    // for another one than was decided on.
    private static readonly FrozenSet<string> s_notForwarded = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "TE", "Trailer",
        "Transfer-Encoding", "HTTP2-Settings", "Host", "Expect", "Content-Length", "Forwarded", "X-Forwarded-For",
        "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Real-IP", "Via", CdnLoop.Header,
        "traceparent", "tracestate", "baggage", "Request-Id", "Correlation-Context", "X-HTTP-Method-Override", "X-HTTP-Method",
        "X-Method-Override", "X-Original-URL", "X-Rewrite-URL", "Alt-Used",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> s_notReturned = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Alt-Svc",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool GoesOn(string name) => !s_notForwarded.Contains(name);

    public static bool ComesBack(string name) => !s_notReturned.Contains(name);

    public static bool IsValidValue(string value) => !value.AsSpan().ContainsAnyExcept(s_valueCharacters);
}
