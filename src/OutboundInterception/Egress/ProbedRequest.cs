using System.Diagnostics;
using System.Net.Http.Metrics;

namespace OutboundInterception;

/// <summary>A message on its way to a connection, with what takes its times if somebody wants them.</summary>
internal class ProbedRequest(HttpMethod method, Uri uri) : HttpRequestMessage(method, uri)
{
    private static readonly Action<HttpMetricsEnrichmentContext> s_enrich = static context =>
    {
        foreach ((string name, object? value) in ((ProbedRequest)context.Request).MetricTags!)
        {
            context.AddCustomTag(name, value);
        }
    };

    public SubrequestProbe? Probe { get; set; }

    /// <summary>What the framework's own metric of it is to say beside its own.</summary>
    public KeyValuePair<string, object?>[]? MetricTags { get; set; }

    /// <summary>Called once, for the message that a connection gets.</summary>
    public void EnrichMetrics()
    {
        if (MetricTags is not null)
        {
            HttpMetricsEnrichmentContext.AddCallback(this, s_enrich);
        }
    }

    public void PropagateTraceContext(Activity activity)
    {
        Headers.Remove("traceparent");
        Headers.Remove("tracestate");
        Headers.TryAddWithoutValidation("traceparent", activity.Id);
        if (activity.TraceStateString is { Length: > 0 } state && HeaderRules.IsValidValue(state))
        {
            Headers.TryAddWithoutValidation("tracestate", state);
        }
    }
}
