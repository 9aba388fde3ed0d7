namespace OutboundInterception;

/// <summary>A limit, and the most that a running dispatch has used of it.</summary>
/// <param name="Name">What is limited.</param>
/// <param name="Limit">How much there may be; -1 for no end.</param>
/// <param name="Used">The most that one has, or <see langword="null"/> where that is not counted.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record LimitView(string Name, double Limit, double? Used, string Unit)
{
    public static IReadOnlyList<LimitView> Of(DispatchLimits limits, IReadOnlyList<DispatchStatus> running) =>
    [
        new("Subrequests", limits.Subrequests!.Value, Most(running, static status => status.Subrequests), "per dispatch"),
        new("Concurrent subrequests", limits.ConcurrentSubrequests!.Value, Most(running, static status => status.ConcurrentSubrequests), "per dispatch"),
        new("Request bytes", limits.RequestBytes!.Value, Most(running, static status => status.RequestBytes), "bytes"),
        new("Response bytes", limits.ResponseBytes!.Value, Most(running, static status => status.ResponseBytes), "bytes"),
        new("Deadline", Seconds(limits.Deadline!.Value), null, "s"),
        new("Background work", Seconds(limits.WaitUntil!.Value), null, "s"),
        new("Nested dispatches", limits.Depth!.Value, null, "deep"),
    ];

    private static double Most(IReadOnlyList<DispatchStatus> running, Func<DispatchStatus, long> used) => running.Select(used).DefaultIfEmpty().Max();

    private static double Seconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? -1 : time.TotalSeconds;
}
