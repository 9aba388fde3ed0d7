namespace OutboundInterception;

/// <summary>The platform turned the subrequest away to protect the origin or other tenants. Trying again later may help.</summary>
public sealed class OutboundRejectedException : HttpRequestException
{
    internal OutboundRejectedException(OutboundRejection rejection, string host, TimeSpan? retryAfter)
        : base(Describe(rejection, host))
    {
        Rejection = rejection;
        Host = host;
        RetryAfter = retryAfter;
    }

    /// <summary>Why.</summary>
    public OutboundRejection Rejection { get; }

    /// <summary>The host that was asked for, in canonical form (lower case, punycode, no trailing dot).</summary>
    public string Host { get; }

    /// <summary>How long to wait at least before trying again, or <see langword="null"/> if that is not known.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string Describe(OutboundRejection rejection, string host) => rejection switch
    {
        OutboundRejection.CircuitOpen => $"'{host}' has failed too often and is left alone for a while. Try again later.",
        OutboundRejection.RateLimit => "There were too many requests in a short time. Slow down and try again.",
        _ => $"Too many requests to '{host}' wait for an answer at once. Wait for some of them first.",
    };
}
