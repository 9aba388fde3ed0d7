namespace OutboundInterception;

/// <summary>Counts durations in buckets that grow by a quarter of a doubling: what it says is within 10 % of the truth. Not thread-safe.</summary>
internal sealed class LatencyHistogram
{
    // From 1/16 ms on, 80 quarters of a doubling reach 65 s; what is longer counts as that.
    private const double Least = 0.0625;
    private const int BucketCount = 80;

    private readonly int[] _counts = new int[BucketCount];

    public void Add(TimeSpan duration)
    {
        double milliseconds = duration.TotalMilliseconds;
        int bucket = milliseconds <= Least ? 0 : (int)(4 * Math.Log2(milliseconds / Least));
        _counts[int.Clamp(bucket, 0, BucketCount - 1)]++;
    }

    public void Add(LatencyHistogram other)
    {
        for (int bucket = 0; bucket < BucketCount; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }
    }

    public void Clear() => Array.Clear(_counts);

    /// <summary>The duration that a share of all stayed below, in milliseconds.</summary>
    /// <returns><see langword="null"/> if there are none.</returns>
    public double? Percentile(double share)
    {
        long total = 0;
        foreach (int count in _counts)
        {
            total += count;
        }

        if (total == 0)
        {
            return null;
        }

        long wanted = long.Max(1, (long)Math.Ceiling(share * total));
        int bucket = 0;
        for (long seen = _counts[0]; seen < wanted; seen += _counts[bucket])
        {
            bucket++;
        }

        // The middle of the bucket, as growth has it.
        return Math.Round(Least * Math.Pow(2, (bucket + 0.5) / 4), 3);
    }
}
