using System.Buffers;

namespace OutboundInterception;

/// <summary>Which headers go on, and what may be in them.</summary>
internal static class HeaderRules
{
    private static readonly SearchValues<char> s_valueCharacters = SearchValues.Create(Enumerable.Range(0x20, 0x5f).Select(static code => (char)code).Append('\t').ToArray());

    private static readonly SearchValues<char> s_plainName = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Hop-by-hop (RFC 9110, section 7.6.1), framing, forwarding, tracing, and those that tell a server to take the request
    // for another one than was decided on.
    private static readonly HeaderNameSet s_notForwarded = new(
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "TE", "Trailer",
        "Transfer-Encoding", "HTTP2-Settings", "Host", "Expect", "Content-Length", "Forwarded", "X-Real-IP", "True-Client-IP", "Via",
        CdnLoop.Header, "traceparent", "tracestate", "baggage", "Request-Id", "Correlation-Context", "X-HTTP-Method",
        "X-Original-Host", "X-Original-URL", "X-Rewrite-URL", "Alt-Used");

    // What a tenant itself adds for one origin and no other is to have. The Fetch standard names Authorization; Cookie is no
    // header of a script there; the rest are where the usual APIs expect a key.
    private static readonly HeaderNameSet s_ofOneOrigin = new(
        "Authorization", "Cookie", "Cookie2", "Referer", "X-Api-Key", "Api-Key", "X-Auth-Token", "X-Access-Token", "X-Amz-Security-Token",
        "X-Goog-Api-Key", "Ocp-Apim-Subscription-Key", "Private-Token", "X-Vault-Token", "X-CSRF-Token", "X-XSRF-Token");

    // What the framework keeps with a body and takes for no header of a request.
    private static readonly HeaderNameSet s_ofBody = new(
        "Allow", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-MD5",
        "Content-Range", "Content-Type", "Expires", "Last-Modified");

    private static readonly HeaderNameSet s_notReturned = new(
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Alt-Svc");

    public static bool GoesOn(string name) => IsForwarded(Plain(name));

    public static bool IsOfOneOrigin(string name) => s_ofOneOrigin.Contains(Plain(name));

    public static bool IsPlain(string name) => !name.AsSpan().ContainsAnyExcept(s_plainName);

    /// <summary>
    /// The name as a server may read it that hands headers on in environment variables (CGI, WSGI): there <c>_</c> is <c>-</c>,
    /// and with some (Apache httpd 2.2) whatever is no letter or digit.
    /// </summary>
    public static string Plain(string name) => IsPlain(name) ? name : string.Create(name.Length, name, static (plain, given) =>
    {
        given.CopyTo(plain);
        for (int at; (at = plain.IndexOfAnyExcept(s_plainName)) >= 0;)
        {
            plain[at] = '-';
        }
    });

    /// <summary>Whether a server may take the one for the other.</summary>
    public static bool ReadTheSame(string one, string other) => Plain(one).Equals(Plain(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it says something of the body alone. Any other is one of the request, wherever a tenant puts it.</summary>
    public static bool IsOfBody(string name) => s_ofBody.Contains(name);

    public static bool ComesBack(string name) => !s_notReturned.Contains(name);

    public static bool IsValidValue(string value) => !value.AsSpan().ContainsAnyExcept(s_valueCharacters);

    private static bool IsForwarded(string name) =>
        !s_notForwarded.Contains(name)
        && !(name is [_, _, 'F' or 'f', ..] && name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
        && !(name is [.., 'E' or 'e'] && name.EndsWith("-Override", StringComparison.OrdinalIgnoreCase));
}
