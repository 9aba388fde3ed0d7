namespace OutboundInterception;

/// <summary>
/// Ends one attempt. Its subrequest cancels it by hand, which a link to the subrequest's token would cost several objects.
/// </summary>
internal sealed class AttemptCancellation : CancellationTokenSource
{
    public AttemptCancellation()
    {
    }

    /// <summary>One that comes by itself.</summary>
    public AttemptCancellation(TimeSpan timeout, TimeProvider time)
        : base(timeout, time)
    {
    }

    public volatile bool HasEnded;
}
