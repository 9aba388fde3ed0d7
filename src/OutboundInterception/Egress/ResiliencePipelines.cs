using System.Collections.Concurrent;
using Polly;

namespace OutboundInterception;

/// <summary>
/// The pipelines in use. Looking one up takes no lock; making one and taking idle ones out does. One timer for all of them.
/// </summary>
internal sealed class ResiliencePipelines : IDisposable
{
    // A tenant chooses its authorities where the policy has a wildcard: at the bound its oldest idle pipeline goes.
    private const int MaxPerTenant = 256;

    private readonly ConcurrentDictionary<PipelineKey, PipelineEntry> _entries = new();
    private readonly Dictionary<string, TenantPipelines> _tenants = new(StringComparer.Ordinal);
    private readonly Lock _sync = new();
    private readonly PipelineFactory _factory;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ResiliencePipelines(PipelineFactory factory, TimeProvider time)
    {
        _factory = factory;
        _time = time;
        TimeSpan period = factory.Options.IdleTimeout;
        _timer = time.CreateTimer(static state => ((ResiliencePipelines)state!).EvictIdle(), this, period, period);
    }

    public IEnumerable<PipelineEntry> Entries => _entries.Values;

    /// <summary>The pipeline of a tenant and authority. The caller calls <see cref="PipelineEntry.Exit"/>.</summary>
    public PipelineEntry Enter(in PipelineKey key)
    {
        while (true)
        {
            if (_entries.TryGetValue(key, out PipelineEntry? entry) && entry.TryEnter())
            {
                return entry;
            }

            Make(key);
        }
    }

    public ResiliencePipeline<HttpResponseMessage>? CreateRetry() => _factory.CreateRetry();

    public void Dispose() => _timer.Dispose();

    private void Make(in PipelineKey key)
    {
        lock (_sync)
        {
            // Entries are retired under this lock alone: one that is here is in use.
            if (_entries.ContainsKey(key))
            {
                return;
            }

            if (!_tenants.TryGetValue(key.Tenant, out TenantPipelines? tenant))
            {
                tenant = new TenantPipelines(_factory.Options.RateLimit is { } limit ? new TokenBucket(limit, _time) : null);
                _tenants.Add(key.Tenant, tenant);
            }

            PipelineEntry made = _factory.Create(key, tenant);
            if (tenant.Entries.Count >= MaxPerTenant && tenant.Entries.Find(static entry => entry.TryRetire(evenIfUsedLately: true)) is { } oldest)
            {
                Remove(oldest);
            }

            tenant.Entries.Add(made);
            _entries[key] = made;
        }
    }

    private void EvictIdle()
    {
        foreach (PipelineEntry entry in _entries.Values)
        {
            // One by one, so that nobody waits long for the lock.
            lock (_sync)
            {
                if (entry.TryRetire(evenIfUsedLately: false))
                {
                    Remove(entry);
                }
            }
        }

        lock (_sync)
        {
            // A bucket that is not full again still counts.
            foreach ((string name, TenantPipelines tenant) in _tenants)
            {
                if (tenant.Entries.Count == 0 && tenant.Bucket?.IsFull != false)
                {
                    _tenants.Remove(name);
                }
            }
        }
    }

    private void Remove(PipelineEntry entry)
    {
        entry.Tenant.Entries.Remove(entry);
        _entries.TryRemove(new(entry.Key, entry));
    }
}
