namespace OutboundInterception;

/// <summary>How much a tenant may leave to interpretation in the URL of a subrequest.</summary>
public enum UrlStrictness
{
    /// <summary>
    /// The default. No userinfo, the scheme's default port only, ASCII only, no trailing dot after the host, and no
    /// backslash, control character or space in the string as it was given.
    /// </summary>
    Strict,

    /// <summary>What <see cref="Uri"/> makes of it; userinfo is stripped, any port will do.</summary>
    Literal,
}
