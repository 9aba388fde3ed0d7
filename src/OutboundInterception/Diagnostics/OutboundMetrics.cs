using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OutboundInterception;

/// <summary>The instruments, shared by all namespaces of a container. The meter's factory disposes them.</summary>
internal sealed class OutboundMetrics
{
    // OpenTelemetry's advice for http.client.request.duration.
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private readonly ConcurrentDictionary<DispatchNamespace, KeyValuePair<string, object?>> _namespaces = new();

    public OutboundMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(OutboundTelemetry.MeterName);
        SubrequestDuration = meter.CreateHistogram(
            "outbound.subrequest.duration", "s", "Time of a subrequest, from the tenant's call until its response was read.", advice: s_seconds);
        RequestSize = meter.CreateHistogram<long>("outbound.subrequest.request.body.size", "By", "Bytes of a subrequest's body.");
        ResponseSize = meter.CreateHistogram<long>("outbound.subrequest.response.body.size", "By", "Bytes of the body of a subrequest's response.");
        DispatchDuration = meter.CreateHistogram(
            "outbound.dispatch.duration", "s", "Time of a dispatch, until its response was sent.", advice: s_seconds);
        meter.CreateObservableUpDownCounter(
            "outbound.dispatch.active", () => Observe(static dispatches => dispatches.ActiveDispatches), "{dispatch}", "Dispatches in progress, background work included.");
        meter.CreateObservableUpDownCounter(
            "outbound.dispatch.stuck", () => Observe(static dispatches => dispatches.StuckDispatches), "{dispatch}", "Dispatches that are over, but whose tenant still runs.");
    }

    public Histogram<double> SubrequestDuration { get; }

    public Histogram<long> RequestSize { get; }

    public Histogram<long> ResponseSize { get; }

    public Histogram<double> DispatchDuration { get; }

    public void Add(DispatchNamespace dispatches) => _namespaces[dispatches] = KeyValuePair.Create<string, object?>("outbound.namespace", dispatches.Label);

    public void Remove(DispatchNamespace dispatches) => _namespaces.TryRemove(dispatches, out _);

    private IEnumerable<Measurement<int>> Observe(Func<DispatchNamespace, int> read) =>
        _namespaces.Select(dispatches => new Measurement<int>(read(dispatches.Key), dispatches.Value));
}
