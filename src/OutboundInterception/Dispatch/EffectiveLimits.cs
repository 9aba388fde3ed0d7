namespace OutboundInterception;

/// <summary>The limits that are in force for a dispatch. Immutable.</summary>
internal sealed record EffectiveLimits(
    int Subrequests,
    int ConcurrentSubrequests,
    TimeSpan Deadline,
    long RequestBytes,
    long ResponseBytes,
    TimeSpan WaitUntil,
    int Depth)
{
    public static readonly EffectiveLimits Default = new(
        Subrequests: 1_000,
        ConcurrentSubrequests: 64,
        Deadline: TimeSpan.FromSeconds(100),
        RequestBytes: 1L << 30,
        ResponseBytes: 1L << 30,
        WaitUntil: TimeSpan.FromSeconds(30),
        Depth: 16);

    /// <summary>A copy as hosts see limits, all of them set.</summary>
    public DispatchLimits ToLimits() => new()
    {
        Subrequests = Subrequests,
        ConcurrentSubrequests = ConcurrentSubrequests,
        Deadline = Deadline,
        RequestBytes = RequestBytes,
        ResponseBytes = ResponseBytes,
        WaitUntil = WaitUntil,
        Depth = Depth,
    };

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public EffectiveLimits With(DispatchLimits? limits)
    {
        if (limits is null)
        {
            return this;
        }

        return limits.Validate().FirstOrDefault() is { } problem
            ? throw new ArgumentException(problem, nameof(limits))
            : new EffectiveLimits(
                limits.Subrequests ?? Subrequests,
                limits.ConcurrentSubrequests ?? ConcurrentSubrequests,
                limits.Deadline ?? Deadline,
                limits.RequestBytes ?? RequestBytes,
                limits.ResponseBytes ?? ResponseBytes,
                limits.WaitUntil ?? WaitUntil,
                limits.Depth ?? Depth);
    }
}
