namespace OutboundInterception;

/// <summary>
/// Sends a share of the dispatches to another entry. By counting, not by chance: of any <c>n</c> in a row, the share of
/// <c>n</c> is met to within one.
/// </summary>
internal sealed class TrafficSplit(TenantEntry candidate, double percent)
{
    private long _dispatches;

    public TenantEntry Candidate => candidate;

    /// <summary>More than 0 and less than 100.</summary>
    public double Percent => percent;

    public TenantEntry Choose(TenantEntry stable)
    {
        long number = Interlocked.Increment(ref _dispatches);
        return Math.Floor(number * percent / 100) > Math.Floor((number - 1) * percent / 100) ? candidate : stable;
    }
}
