namespace OutboundInterception;

/// <summary>
/// When an origin is left alone that fails: one circuit for each tenant and authority, so that what one tenant does to an
/// origin closes it to nobody else. A failed connection, a timeout, and 408, 429, 500, 502, 503 and 504 count as failures.
/// </summary>
public sealed class CircuitBreakerOptions
{
    /// <summary>The share of failures at which the circuit opens.</summary>
    /// <value>More than 0, at most 1; 0.5 by default.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many requests there must be in <see cref="SamplingDuration"/> before the share means anything.</summary>
    /// <value>At least 2; 20 by default.</value>
    public int MinimumThroughput { get; set; } = 20;

    /// <summary>The time over which failures are counted.</summary>
    /// <value>0.5 s to one hour; 30 s by default.</value>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open before one request may try.</summary>
    /// <value>0.5 s to one hour; 5 s by default.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    internal IEnumerable<string> Validate(string name) => OptionRange.Problems(
        OptionRange.Check($"{name}.{nameof(FailureRatio)}", FailureRatio, double.Epsilon, 1),
        OptionRange.Check($"{name}.{nameof(MinimumThroughput)}", MinimumThroughput, 2, int.MaxValue),
        OptionRange.Check($"{name}.{nameof(SamplingDuration)}", SamplingDuration, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1)),
        OptionRange.Check($"{name}.{nameof(BreakDuration)}", BreakDuration, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1)));

    internal CircuitBreakerOptions Copy() => (CircuitBreakerOptions)MemberwiseClone();
}
