using System.Net;

namespace OutboundInterception;

/// <summary>
/// Faults that one tenant's subrequests meet in place of, or on the way to, the origin: for tests and game days. They are
/// injected behind retry and circuit breaker, so that those are seen to work. Each is drawn for each attempt.
/// </summary>
public sealed class FaultOptions
{
    /// <summary>The share of attempts that are delayed by <see cref="Latency"/>.</summary>
    /// <value>0 to 1; 0 by default.</value>
    public double LatencyRate { get; set; }

    /// <summary>How long.</summary>
    /// <value>Zero to 5 minutes; 1 s by default.</value>
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of attempts that are answered with <see cref="Status"/>; nothing is sent.</summary>
    /// <value>0 to 1; 0 by default.</value>
    public double StatusRate { get; set; }

    /// <summary>The status, with an empty body.</summary>
    /// <value>200 to 599; 503 by default.</value>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.ServiceUnavailable;

    /// <summary>The share of attempts that fail as if the connection had; nothing is sent.</summary>
    /// <value>0 to 1; 0 by default.</value>
    public double FailureRate { get; set; }

    internal IEnumerable<string> Validate(string tenant) => OptionRange.Problems(
        OptionRange.Check($"the faults of tenant '{tenant}': {nameof(LatencyRate)}", LatencyRate, 0, 1),
        OptionRange.Check($"the faults of tenant '{tenant}': {nameof(Latency)}", Latency, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        OptionRange.Check($"the faults of tenant '{tenant}': {nameof(StatusRate)}", StatusRate, 0, 1),
        OptionRange.Check($"the faults of tenant '{tenant}': {nameof(Status)}", (int)Status, 200, 599),
        OptionRange.Check($"the faults of tenant '{tenant}': {nameof(FailureRate)}", FailureRate, 0, 1));
}
