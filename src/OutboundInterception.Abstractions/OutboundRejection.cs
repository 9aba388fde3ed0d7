namespace OutboundInterception;

/// <summary>Why the platform turned a subrequest away without deciding about where it goes.</summary>
public enum OutboundRejection
{
    /// <summary>The origin failed so often that it is left alone for a while, or the platform has cut it off by hand.</summary>
    CircuitOpen,

    /// <summary>The tenant makes more requests in a time than it may.</summary>
    RateLimit,

    /// <summary>The tenant waits for too many answers of this origin at once.</summary>
    ConcurrencyLimit,
}
