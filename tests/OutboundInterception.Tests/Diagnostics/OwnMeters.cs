using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OutboundInterception.Tests.Diagnostics;

/// <summary>Makes meters that can be told from those of other containers, whose names are the same.</summary>
internal sealed class OwnMeters : IMeterFactory
{
    private readonly ConcurrentQueue<Meter> _meters = new();

    public bool Made(Meter meter) => ReferenceEquals(meter.Scope, this);

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        Meter meter = new(options);
        _meters.Enqueue(meter);
        return meter;
    }

    public void Dispose()
    {
        foreach (Meter meter in _meters)
        {
            meter.Dispose();
        }
    }
}
