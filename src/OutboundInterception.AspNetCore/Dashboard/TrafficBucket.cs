namespace OutboundInterception;

/// <summary>What happened in one second, or in several that were added up. Not thread-safe.</summary>
internal sealed class TrafficBucket
{
    public long Second { get; private set; } = -1;

    public int Count { get; private set; }

    public int Blocked { get; private set; }

    public int Failed { get; private set; }

    public long RequestBytes { get; private set; }

    public long ResponseBytes { get; private set; }

    /// <summary>The most dispatches that were in progress at once.</summary>
    public int Active { get; private set; }

    public LatencyHistogram Latency { get; } = new();

    public void Begin(long second)
    {
        Second = second;
        Count = Blocked = Failed = Active = 0;
        RequestBytes = ResponseBytes = 0;
        Latency.Clear();
    }

    public void Add(SubrequestRecord record, int active)
    {
        Active = int.Max(Active, active);
        Count++;
        Blocked += record.Decision == SubrequestDecision.Blocked ? 1 : 0;
        Failed += record.Decision != SubrequestDecision.Blocked && record.Failure is not null ? 1 : 0;
        RequestBytes += record.RequestBytes;
        ResponseBytes += record.ResponseBytes;
        if (record.Decision == SubrequestDecision.Sent)
        {
            Latency.Add(record.Duration);
        }
    }

    public void Add(TrafficBucket other)
    {
        Count += other.Count;
        Blocked += other.Blocked;
        Failed += other.Failed;
        RequestBytes += other.RequestBytes;
        ResponseBytes += other.ResponseBytes;
        Active = int.Max(Active, other.Active);
        Latency.Add(other.Latency);
    }
}
