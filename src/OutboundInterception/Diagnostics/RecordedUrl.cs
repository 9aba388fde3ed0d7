namespace OutboundInterception;

/// <summary>How much of a URL goes into records. User names, passwords and fragments never do.</summary>
public enum RecordedUrl
{
    /// <summary>Scheme, host, port, and of the path what looks like words: <c>/orders/{id}</c>, <c>/hooks/{redacted}</c>.</summary>
    Template,

    /// <summary>The whole path, which may hold secrets: webhooks and bots often have theirs there.</summary>
    Path,

    /// <summary>Path and query, which very likely hold secrets.</summary>
    PathAndQuery,
}
