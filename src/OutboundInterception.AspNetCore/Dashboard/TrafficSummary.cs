namespace OutboundInterception;

/// <summary>Some minutes of traffic.</summary>
internal sealed record TrafficSummary(
    int Minutes, TrafficPoint Total, IReadOnlyList<TrafficPoint> Series, IReadOnlyList<TrafficShare> Tenants, IReadOnlyList<TrafficShare> Hosts);
