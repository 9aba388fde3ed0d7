namespace OutboundInterception;

/// <summary>
/// What one dispatch may use. Every limit is kept in-process and costs the dispatch that reaches it, nobody else. CPU time
/// and memory cannot be metered in-process.
/// </summary>
public sealed class DispatchLimits
{
    /// <summary>Subrequests in all; each redirect hop, each WebSocket handshake and each nested dispatch is one.</summary>
    /// <value>At least 0. <see langword="null"/>, the default, for the namespace's, which is 1,000 unless set.</value>
    public int? Subrequests { get; set; }

    /// <summary>Subrequests at once, nested dispatches with them; one lasts until its response body has been read or disposed.</summary>
    /// <value>At least 1. <see langword="null"/>, the default, for the namespace's, which is 64 unless set.</value>
    public int? ConcurrentSubrequests { get; set; }

    /// <summary>
    /// Wall-clock time from the start of the dispatch until its response body has been sent. The dispatch is cancelled
    /// no sooner, and at most about 0.1 s later.
    /// </summary>
    /// <value>
    /// Positive, or <see cref="Timeout.InfiniteTimeSpan"/>. <see langword="null"/>, the default, for the namespace's, which
    /// is 100 s unless set, as <see cref="HttpClient.Timeout"/> is.
    /// </value>
    public TimeSpan? Deadline { get; set; }

    /// <summary>Bytes of request bodies in all.</summary>
    /// <value>At least 0. <see langword="null"/>, the default, for the namespace's, which is 1 GiB unless set.</value>
    public long? RequestBytes { get; set; }

    /// <summary>Bytes of response bodies in all, as they come from the origin.</summary>
    /// <value>At least 0. <see langword="null"/>, the default, for the namespace's, which is 1 GiB unless set.</value>
    public long? ResponseBytes { get; set; }

    /// <summary>How long <see cref="TenantContext.WaitUntil"/> work may go on after the response.</summary>
    /// <value>
    /// Positive, or <see cref="Timeout.InfiniteTimeSpan"/>. <see langword="null"/>, the default, for the namespace's, which
    /// is 30 s unless set, as in the original.
    /// </value>
    public TimeSpan? WaitUntil { get; set; }

    /// <summary>How deeply dispatches may be nested, counting calls inside the process and loops over HTTP together.</summary>
    /// <value>At least 1. <see langword="null"/>, the default, for the namespace's, which is 16 unless set, as in the original.</value>
    public int? Depth { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (Subrequests < 0)
        {
            yield return $"DispatchLimits.Subrequests is {Subrequests}; it must be at least 0.";
        }

        if (ConcurrentSubrequests < 1)
        {
            yield return $"DispatchLimits.ConcurrentSubrequests is {ConcurrentSubrequests}; it must be at least 1. Set Subrequests to 0 to allow none.";
        }

        if (RequestBytes < 0)
        {
            yield return $"DispatchLimits.RequestBytes is {RequestBytes}; it must be at least 0.";
        }

        if (ResponseBytes < 0)
        {
            yield return $"DispatchLimits.ResponseBytes is {ResponseBytes}; it must be at least 0.";
        }

        if (Depth < 1)
        {
            yield return $"DispatchLimits.Depth is {Depth}; it must be at least 1.";
        }

        if (!IsDuration(Deadline))
        {
            yield return $"DispatchLimits.Deadline is {Deadline}; it must be positive, or Timeout.InfiniteTimeSpan for none.";
        }

        if (!IsDuration(WaitUntil))
        {
            yield return $"DispatchLimits.WaitUntil is {WaitUntil}; it must be positive, or Timeout.InfiniteTimeSpan for none.";
        }
    }

    private static bool IsDuration(TimeSpan? value) => value is null || value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan;
}
