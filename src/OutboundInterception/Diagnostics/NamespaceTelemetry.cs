using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OutboundInterception;

/// <summary>Spans and metrics of one namespace. Costs two reads of a flag while nobody listens.</summary>
internal sealed class NamespaceTelemetry(OutboundMetrics metrics, TelemetryOptions options, string label)
{
    private static readonly string[] s_methods = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"];
    private static readonly object[] s_statuses = [.. Enumerable.Range(0, 600).Select(static status => (object)status)];

    private readonly TagValues _hosts = new(options.HostLimit, options.Hosts);
    private readonly TagValues? _tenants = options.TenantLimit > 0 ? new TagValues(options.TenantLimit, []) : null;
    private readonly bool _enriches = options.EnrichHttpClientMetrics;
    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>[]> _enrichments = new(StringComparer.Ordinal);

    public bool PropagatesTraceContext { get; } = options.PropagateTraceContext;

    public bool MeasuresSubrequests => metrics.SubrequestDuration.Enabled || metrics.RequestSize.Enabled || metrics.ResponseSize.Enabled;

    public bool MeasuresDispatches => metrics.DispatchDuration.Enabled;

    /// <summary>The name that conventions have for a method: its own, or one for all that are not known.</summary>
    public static string MethodName(string method) => Array.IndexOf(s_methods, method) >= 0 ? method : TelemetryOptions.Other;

    /// <summary>What conventions call the reason of a failure, or <see langword="null"/> if there was none.</summary>
    public static string? ErrorType(SubrequestRecord record) =>
        record.Failure is { } failure ? EnumNames<FailureKind>.Of(failure)
        : record.Status >= 400 ? record.Status.Value.ToString(CultureInfo.InvariantCulture)
        : null;

    public void Measure(SubrequestRecord record)
    {
        TagList tags = default;
        tags.Add("outbound.namespace", label);
        tags.Add("http.request.method", MethodName(record.Method));

        // A tenant that asks for names by the thousand in vain must not take the places of those that are sent to.
        tags.Add("server.address", record.Decision == SubrequestDecision.Sent && record.Failure != FailureKind.NameResolution ? _hosts.Of(record.Host) : TelemetryOptions.Other);
        tags.Add("outbound.decision", EnumNames<SubrequestDecision>.Of(record.Decision));
        if (record.Status is { } status)
        {
            tags.Add("http.response.status_code", Boxed(status));
        }

        if (ErrorType(record) is { } error)
        {
            tags.Add("error.type", error);
        }

        if (_tenants is not null)
        {
            tags.Add("outbound.tenant", _tenants.Of(record.Tenant));
        }

        metrics.SubrequestDuration.Record(record.Duration.TotalSeconds, tags);
        metrics.RequestSize.Record(record.RequestBytes, tags);
        metrics.ResponseSize.Record(record.ResponseBytes, tags);
    }

    public void MeasureDispatch(ActiveDispatch dispatch, TimeSpan duration, int status, string? error)
    {
        TagList tags = default;
        tags.Add("outbound.namespace", label);
        if (status != 0)
        {
            tags.Add("http.response.status_code", Boxed(status));
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        if (_tenants is not null)
        {
            tags.Add("outbound.tenant", _tenants.Of(dispatch.Tenant));
        }

        metrics.DispatchDuration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>What the framework's own metric is to say of a tenant's request, or <see langword="null"/>.</summary>
    public KeyValuePair<string, object?>[]? Enrichment(string tenant)
    {
        if (!_enriches)
        {
            return null;
        }

        string named = _tenants?.Of(tenant) ?? string.Empty;
        return _enrichments.GetOrAdd(
            named,
            static (named, label) => named.Length == 0
                ? [new("outbound.namespace", label)]
                : [new("outbound.namespace", label), new("outbound.tenant", named)],
            label);
    }

    private static object Boxed(int status) => status >= 0 && status < s_statuses.Length ? s_statuses[status] : status;
}
