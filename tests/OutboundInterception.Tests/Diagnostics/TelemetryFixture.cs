using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OutboundInterception.Tests.Diagnostics;

/// <summary>
/// The OpenTelemetry SDK, listening to the library. Sources and meters belong to the whole process, in which other tests run:
/// what is asked for is picked out by the namespace's label, which is this fixture's own. The SDK makes one stream of all
/// instruments of a name and ends it with the first of their meters, so of the library's meters only this fixture's are taken.
/// </summary>
internal sealed class TelemetryFixture : IDisposable
{
    private readonly List<Activity> _spans = [];
    private readonly List<MetricSnapshot> _metrics = [];
    private readonly OwnMeters _meters = new();
    private readonly TracerProvider _tracing;
    private readonly MeterProvider _metering;

    public TelemetryFixture(OtlpReceiver? receiver = null)
    {
        TracerProviderBuilder tracing = Sdk.CreateTracerProviderBuilder().AddSource(OutboundTelemetry.SourceName).AddInMemoryExporter(_spans);
        MeterProviderBuilder metering = Sdk.CreateMeterProviderBuilder().AddMeter(OutboundTelemetry.MeterName).AddMeter("System.Net.Http")
            .AddView(instrument => IsOthers(instrument) ? MetricStreamConfiguration.Drop : null)
            .AddInMemoryExporter(_metrics);
        if (receiver is not null)
        {
            tracing.AddOtlpExporter(otlp => Configure(otlp, receiver.Endpoint("/v1/traces")));
            metering.AddOtlpExporter(otlp => Configure(otlp, receiver.Endpoint("/v1/metrics")));
        }

        _tracing = tracing.Build();
        _metering = metering.Build();
    }

    public string Label { get; } = $"ns-{Guid.NewGuid():n}";

    public Activity[] Spans
    {
        get
        {
            _tracing.ForceFlush();
            lock (_spans)
            {
                return [.. _spans.ToArray().Where(span => Label.Equals(span.GetTagItem("outbound.namespace")))];
            }
        }
    }

    public Activity[] Subrequests => [.. Spans.Where(static span => span.Kind == ActivityKind.Client)];

    public Activity Dispatch => Spans.Single(static span => span.OperationName == "dispatch");

    /// <summary>Lets a namespace be found again.</summary>
    public void Mark(IDispatchNamespaceBuilder builder)
    {
        builder.Services.AddSingleton<IMeterFactory>(_meters);
        builder.Configure(options => options.Label = Label);
    }

    /// <summary>The points of a metric, each as the texts of its tags.</summary>
    public Dictionary<string, string?>[] Points(string name)
    {
        _metering.ForceFlush();
        return [.. _metrics.Last(metric => metric.Name == name).MetricPoints
            .Select(static point =>
            {
                Dictionary<string, string?> tags = [];
                foreach (KeyValuePair<string, object?> tag in point.Tags)
                {
                    tags[tag.Key] = Convert.ToString(tag.Value, System.Globalization.CultureInfo.InvariantCulture);
                }

                return tags;
            })
            .Where(tags => tags.GetValueOrDefault("outbound.namespace") == Label)];
    }

    /// <summary>All that was collected, as text.</summary>
    public IEnumerable<string> Texts()
    {
        foreach (Activity span in Spans)
        {
            yield return $"{span.DisplayName} {span.StatusDescription} {span.TraceStateString}";
            foreach (KeyValuePair<string, object?> tag in span.TagObjects)
            {
                yield return $"{tag.Key}={tag.Value}";
            }

            foreach (ActivityEvent happened in span.Events)
            {
                yield return $"{happened.Name} {string.Join(' ', happened.Tags)}";
            }
        }

        _metering.ForceFlush();
        foreach (MetricSnapshot metric in _metrics)
        {
            foreach (MetricPoint point in metric.MetricPoints)
            {
                foreach (KeyValuePair<string, object?> tag in point.Tags)
                {
                    yield return $"{metric.Name} {tag.Key}={tag.Value}";
                }
            }
        }
    }

    public void Dispose()
    {
        _tracing.Dispose();
        _metering.Dispose();
        _meters.Dispose();
    }

    private bool IsOthers(Instrument instrument) => instrument.Meter.Name == OutboundTelemetry.MeterName && !_meters.Made(instrument.Meter);

    private static void Configure(OtlpExporterOptions otlp, Uri endpoint)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = endpoint;
    }
}
