namespace OutboundInterception;

/// <summary>Why a subrequest was not one that may be sent.</summary>
public enum SubrequestProblem
{
    /// <summary>The URL is missing, relative, malformed or longer than 16 KiB.</summary>
    Url,

    /// <summary>The scheme is neither <c>http</c> nor <c>https</c>.</summary>
    Scheme,

    /// <summary>The URL has a user name or password in it.</summary>
    UserInfo,

    /// <summary>The port is not the scheme's own.</summary>
    Port,

    /// <summary>The method is malformed or one that no tenant may use (<c>CONNECT</c>, <c>TRACE</c>, <c>TRACK</c>).</summary>
    Method,

    /// <summary>
    /// A header has a value that cannot be sent: CR, LF, another control character, or no ASCII. Or names and values are more than
    /// 128 KiB together.
    /// </summary>
    Header,

    /// <summary>The request asks for an upgrade outside of <see cref="TenantContext.ConnectWebSocketAsync"/>.</summary>
    Upgrade,

    /// <summary>The HTTP version cannot be had (3.0 exactly).</summary>
    Version,

    /// <summary>The body is disposed, failed while it was read, differs from its declared length, or cannot be sent again.</summary>
    Body,

    /// <summary>A redirect cannot be followed: no valid target, too many of them, or <see cref="RedirectMode.Error"/>.</summary>
    Redirect,

    /// <summary>The answer is a switch of protocols that nobody asked for.</summary>
    UnexpectedUpgrade,
}
