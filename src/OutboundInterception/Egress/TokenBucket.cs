namespace OutboundInterception;

/// <summary>
/// A token bucket kept as the one moment at which it will be full again (the generic cell rate algorithm of ITU-T I.371),
/// so that taking a token is one compare-and-swap. The framework's own reads a clock that no test can set and has a timer
/// for each bucket, of which there may be as many as tenants.
/// </summary>
internal sealed class TokenBucket(RateLimitOptions options, TimeProvider time)
{
    private readonly long _perToken = long.Max(1, (long)(time.TimestampFrequency / options.PermitsPerSecond));
    private readonly int _burst = options.Burst;
    private long _full = long.MinValue;

    public bool IsFull => Volatile.Read(ref _full) <= time.GetTimestamp();

    /// <summary>How many tokens there are at this moment.</summary>
    public int Available
    {
        get
        {
            long missing = Volatile.Read(ref _full) is long full && full > time.GetTimestamp() ? full - time.GetTimestamp() : 0;
            return int.Max(0, _burst - (int)((missing + _perToken - 1) / _perToken));
        }
    }

    /// <param name="retryAfter">When there is none, how long it takes until there is one.</param>
    public bool TryTake(out TimeSpan retryAfter)
    {
        long now = time.GetTimestamp();
        while (true)
        {
            long seen = Volatile.Read(ref _full);
            long full = long.Max(seen, now) + _perToken;
            long late = full - now - (_burst * _perToken);
            if (late > 0)
            {
                retryAfter = TimeSpan.FromSeconds((double)late / time.TimestampFrequency);
                return false;
            }

            if (Interlocked.CompareExchange(ref _full, full, seen) == seen)
            {
                retryAfter = default;
                return true;
            }
        }
    }
}
