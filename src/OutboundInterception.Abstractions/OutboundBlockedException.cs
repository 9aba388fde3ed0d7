namespace OutboundInterception;

/// <summary>
/// The platform refuses the subrequest; nothing was sent. Which rule decided, and why, is for the platform to know: it is
/// in its record and its log.
/// </summary>
public sealed class OutboundBlockedException : HttpRequestException
{
    internal OutboundBlockedException(string host)
        : base($"The platform does not allow this request to '{host}'.")
    {
        Host = host;
    }

    /// <summary>The host that was asked for, in canonical form (lower case, punycode, no trailing dot).</summary>
    public string Host { get; }
}
