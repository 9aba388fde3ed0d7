namespace OutboundInterception;

/// <summary>A limit, and how much of it is used by the running dispatch that has the least of it left.</summary>
/// <param name="Name">What is limited.</param>
/// <param name="Limit">How much there may be; -1 for no end. Of that dispatch, which may have limits of its own.</param>
/// <param name="Used">What it has used, or <see langword="null"/> where that is not counted.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record LimitView(string Name, double Limit, double? Used, string Unit)
{
    /// <param name="limits">The namespace's, which are shown while nothing runs.</param>
    /// <param name="running">The tenant's dispatches.</param>
    public static IReadOnlyList<LimitView> Of(DispatchLimits limits, IReadOnlyList<DispatchStatus> running)
    {
        return
        [
            Counted("Subrequests", "per dispatch", static limits => limits.Subrequests!.Value, static status => status.Subrequests),
            Counted("Concurrent subrequests", "per dispatch", static limits => limits.ConcurrentSubrequests!.Value, static status => status.ConcurrentSubrequests),
            Counted("Request bytes", "bytes", static limits => limits.RequestBytes!.Value, static status => status.RequestBytes),
            Counted("Response bytes", "bytes", static limits => limits.ResponseBytes!.Value, static status => status.ResponseBytes),
            Least("Deadline", "s", static limits => Seconds(limits.Deadline!.Value)),
            Least("Background work", "s", static limits => Seconds(limits.WaitUntil!.Value)),
            Least("Nested dispatches", "deep", static limits => limits.Depth!.Value),
        ];

        LimitView Counted(string name, string unit, Func<DispatchLimits, long> limit, Func<DispatchStatus, long> used) =>
            running
                .Select(status => new LimitView(name, limit(status.Limits), used(status), unit))
                .DefaultIfEmpty(new LimitView(name, limit(limits), 0, unit))
                .MaxBy(static view => view.Used / double.Max(1, view.Limit))!;

        // Of what is not counted, the tightest.
        LimitView Least(string name, string unit, Func<DispatchLimits, double> limit) =>
            new(name, running.Select(status => limit(status.Limits)).DefaultIfEmpty(limit(limits)).MinBy(static each => each < 0 ? double.MaxValue : each), null, unit);
    }

    private static double Seconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? -1 : time.TotalSeconds;
}
