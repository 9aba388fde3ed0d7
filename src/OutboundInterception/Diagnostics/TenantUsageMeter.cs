using System.Collections.Concurrent;

namespace OutboundInterception;

/// <summary>
/// Counts per tenant, for billing. Exact: each subrequest is in exactly one period, whatever runs while one is taken.
/// Thread-safe. Remembers a tenant only while it has something to count.
/// </summary>
public sealed class TenantUsageMeter : IOutboundObserver
{
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void SubrequestCompleted(SubrequestRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);

        // A counter that was taken meanwhile counts no more.
        while (!_counters.GetOrAdd(record.Tenant, static tenant => new Counter(tenant)).TryAdd(record))
        {
        }
    }

    /// <summary>What the tenants have used since it was last taken; the period goes on.</summary>
    public IReadOnlyList<TenantUsage> Read() => [.. _counters.Values.Select(static counter => counter.Usage)];

    /// <summary>What one tenant has used since it was last taken; the period goes on.</summary>
    public TenantUsage Read(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return _counters.TryGetValue(tenant, out Counter? counter) ? counter.Usage : Nothing(tenant);
    }

    /// <summary>Ends the period and begins the next.</summary>
    /// <returns>What each tenant that has used anything has used in the period.</returns>
    public IReadOnlyList<TenantUsage> Take()
    {
        List<TenantUsage> taken = [];
        foreach (string tenant in _counters.Keys)
        {
            if (_counters.TryRemove(tenant, out Counter? counter))
            {
                taken.Add(counter.Close());
            }
        }

        return taken;
    }

    /// <summary>Ends the period of one tenant and begins its next.</summary>
    public TenantUsage Take(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return _counters.TryRemove(tenant, out Counter? counter) ? counter.Close() : Nothing(tenant);
    }

    private static TenantUsage Nothing(string tenant) => new(tenant, 0, 0, 0, 0, 0, 0, TimeSpan.Zero);

    private sealed class Counter(string tenant)
    {
        private readonly Lock _sync = new();
        private TenantUsage _usage = Nothing(tenant);
        private bool _isClosed;

        public TenantUsage Usage
        {
            get
            {
                lock (_sync)
                {
                    return _usage;
                }
            }
        }

        public bool TryAdd(SubrequestRecord record)
        {
            bool blocked = record.Decision == SubrequestDecision.Blocked;
            lock (_sync)
            {
                if (_isClosed)
                {
                    return false;
                }

                _usage = new TenantUsage(
                    tenant,
                    _usage.Subrequests + 1,
                    _usage.Blocked + (blocked ? 1 : 0),
                    _usage.Failed + (!blocked && record.Failure is not null ? 1 : 0),
                    _usage.Retries + record.Retries,
                    _usage.RequestBytes + record.RequestBytes,
                    _usage.ResponseBytes + record.ResponseBytes,
                    _usage.Duration + record.Duration);
                return true;
            }
        }

        public TenantUsage Close()
        {
            lock (_sync)
            {
                _isClosed = true;
                return _usage;
            }
        }
    }
}
