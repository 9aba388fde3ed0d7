namespace OutboundInterception;

/// <summary>The dispatch has used up one of its limits. Other dispatches are not concerned.</summary>
public sealed class DispatchLimitException : HttpRequestException
{
    internal DispatchLimitException(DispatchLimit limit, long maximum)
        : base($"This dispatch has reached its limit of {maximum} for {limit}. The platform sets it with DispatchLimits.{limit}.")
    {
        Limit = limit;
        Maximum = maximum;
    }

    /// <summary>Which limit.</summary>
    public DispatchLimit Limit { get; }

    /// <summary>Its value: a number of requests, bytes or levels.</summary>
    public long Maximum { get; }
}
