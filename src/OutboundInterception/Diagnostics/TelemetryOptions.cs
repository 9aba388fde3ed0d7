namespace OutboundInterception;

/// <summary>What a namespace's spans and metrics hold. Read once, when the namespace is made.</summary>
public sealed class TelemetryOptions
{
    /// <summary>What a metric says of the hosts that exceed <see cref="HostLimit"/>, and of those that nothing was sent to.</summary>
    public const string Other = "_OTHER";

    /// <summary>How many hosts metrics tell apart: the first that something is sent to, beside <see cref="Hosts"/>.</summary>
    /// <value>0 to 10,000; 100 by default.</value>
    public int HostLimit { get; set; } = 100;

    /// <summary>Hosts that metrics always tell apart, however many others tenants have sent to before.</summary>
    /// <value>Names in lower case, as the policy sees them. Empty by default.</value>
    public ISet<string> Hosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many tenants metrics tell apart, in the tag <c>outbound.tenant</c>; the rest is <see cref="Other"/>.</summary>
    /// <value>0 to 10,000; 0 by default: there is no such tag.</value>
    public int TenantLimit { get; set; }

    /// <summary>
    /// Adds <c>outbound.namespace</c>, and <c>outbound.tenant</c> within its limit, to the framework's own
    /// <c>http.client.request.duration</c>.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool EnrichHttpClientMetrics { get; set; }

    /// <summary>
    /// Sends <c>traceparent</c> and <c>tracestate</c> of the subrequest's span to the origin, which may be anybody's. What a
    /// tenant itself gives under these names is never sent.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool PropagateTraceContext { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (HostLimit is < 0 or > 10_000)
        {
            yield return $"Telemetry.HostLimit is {HostLimit}; it must be from 0 to 10,000.";
        }

        if (TenantLimit is < 0 or > 10_000)
        {
            yield return $"Telemetry.TenantLimit is {TenantLimit}; it must be from 0 to 10,000.";
        }
    }
}
