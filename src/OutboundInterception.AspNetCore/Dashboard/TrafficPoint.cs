namespace OutboundInterception;

/// <summary>Some seconds of traffic added up. Latencies are in milliseconds and of what went out.</summary>
internal sealed record TrafficPoint(
    long Time, int Count, double PerSecond, int Blocked, int Failed, long RequestBytes, long ResponseBytes, int Active, double? P50, double? P95, double? P99)
{
    public static TrafficPoint Of(long time, int seconds, TrafficBucket sum) => new(
        time,
        sum.Count,
        Math.Round((double)sum.Count / seconds, 2),
        sum.Blocked,
        sum.Failed,
        sum.RequestBytes,
        sum.ResponseBytes,
        sum.Active,
        sum.Latency.Percentile(0.50),
        sum.Latency.Percentile(0.95),
        sum.Latency.Percentile(0.99));
}
