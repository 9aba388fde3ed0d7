using System.Diagnostics;

namespace OutboundInterception;

/// <summary>
/// What to subscribe to: spans for every dispatch and every subrequest, blocked ones too, and metrics. Both follow the
/// HTTP client conventions of OpenTelemetry where there are any, and are named <c>outbound.*</c> where there are none.
/// </summary>
public static class OutboundTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/>, for <c>AddSource</c>.</summary>
    public const string SourceName = "OutboundInterception";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>, for <c>AddMeter</c>.</summary>
    public const string MeterName = "OutboundInterception";

    internal static ActivitySource Source { get; } = new(SourceName);
}
