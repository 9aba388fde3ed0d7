using System.Runtime.InteropServices;

namespace OutboundInterception;

/// <summary>
/// Adds up a quarter of an hour of traffic by the second, and who had most of it. Bounded in memory, whatever names tenants
/// think up. Thread-safe; a record costs a lock and some additions.
/// </summary>
internal sealed class TrafficObserver : IOutboundObserver
{
    /// <summary>How far it looks back.</summary>
    public const int Seconds = 15 * 60;

    /// <summary>How many tenants, and how many hosts, are counted by name; the rest goes by <see cref="Rest"/>.</summary>
    public const int MaxLeaders = 256;

    public const string Rest = "(others)";

    private readonly Lock _sync = new();
    private readonly TrafficBucket[] _buckets = [.. Enumerable.Range(0, Seconds).Select(static _ => new TrafficBucket())];
    private readonly Dictionary<string, TrafficLeader> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrafficLeader> _hosts = new(StringComparer.Ordinal);

    /// <summary>Tells how many dispatches are in progress.</summary>
    public Func<int> Active { get; set; } = static () => 0;

    public RecordDetail Detail => RecordDetail.None;

    public void SubrequestCompleted(SubrequestRecord record)
    {
        long second = (record.Time + record.Duration).ToUnixTimeSeconds();
        lock (_sync)
        {
            TrafficBucket bucket = _buckets[second % Seconds];
            if (bucket.Second < second)
            {
                bucket.Begin(second);
            }

            bucket.Add(record, Active());
            bool isBlocked = record.Decision == SubrequestDecision.Blocked;
            Lead(_tenants, record.Tenant, second, isBlocked);
            Lead(_hosts, record.Host.Length == 0 ? "(none)" : record.Host, second, isBlocked);
        }
    }

    /// <summary>Reads what was in the last minutes.</summary>
    /// <param name="now">The end, the second in progress included.</param>
    /// <param name="minutes">1 to 15.</param>
    /// <param name="step">How many seconds are added up to one point.</param>
    public TrafficSummary Read(DateTimeOffset now, int minutes, int step)
    {
        long last = now.ToUnixTimeSeconds();
        lock (_sync)
        {
            int points = minutes * 60 / step;
            TrafficBucket total = new();
            TrafficPoint[] series = new TrafficPoint[points];
            for (int point = 0; point < points; point++)
            {
                long first = last - ((points - point) * step) + 1;
                TrafficBucket sum = new();
                for (long second = long.Max(0, first); second < first + step; second++)
                {
                    TrafficBucket bucket = _buckets[second % Seconds];
                    if (bucket.Second == second)
                    {
                        sum.Add(bucket);
                    }
                }

                total.Add(sum);
                series[point] = TrafficPoint.Of(first, step, sum);
            }

            return new TrafficSummary(
                minutes, TrafficPoint.Of(last - (minutes * 60) + 1, minutes * 60, total), series, Top(_tenants, last, minutes), Top(_hosts, last, minutes));
        }
    }

    private static void Lead(Dictionary<string, TrafficLeader> leaders, string name, long second, bool isBlocked)
    {
        long slot = second / TrafficLeader.SlotSeconds;
        if (!leaders.TryGetValue(name, out TrafficLeader? leader))
        {
            if (leaders.Count >= MaxLeaders)
            {
                Forget(leaders, slot);
            }

            leader = CollectionsMarshal.GetValueRefOrAddDefault(leaders, leaders.Count < MaxLeaders ? name : Rest, out _) ??= new TrafficLeader();
        }

        leader.Add(slot, isBlocked);
    }

    // Makes room by dropping those that had nothing in the time that is shown.
    private static void Forget(Dictionary<string, TrafficLeader> leaders, long slot)
    {
        foreach ((string name, TrafficLeader leader) in leaders)
        {
            if (slot - leader.LastSlot >= Seconds / TrafficLeader.SlotSeconds)
            {
                leaders.Remove(name);
            }
        }
    }

    private static TrafficShare[] Top(Dictionary<string, TrafficLeader> leaders, long last, int minutes)
    {
        long slot = last / TrafficLeader.SlotSeconds;
        int slots = minutes * 60 / TrafficLeader.SlotSeconds;
        return
        [
            .. leaders
                .Select(leader => (leader.Key, Read: leader.Value.Read(slot, slots)))
                .Select(static leader => new TrafficShare(leader.Key, leader.Read.Counts.Sum(), leader.Read.Blocked, leader.Read.Counts))
                .Where(static share => share.Count > 0)
                .OrderByDescending(static share => share.Count)
                .ThenBy(static share => share.Name, StringComparer.Ordinal)
                .Take(8),
        ];
    }
}
