namespace OutboundInterception;

/// <summary>
/// How many requests one tenant may make in a time, over all its dispatches and origins: a token bucket. A retry takes a
/// token too, and is not made without one.
/// </summary>
public sealed class RateLimitOptions
{
    /// <summary>How many tokens come back in a second.</summary>
    /// <value>0.001 to 1,000,000; 100 by default.</value>
    public double PermitsPerSecond { get; set; } = 100;

    /// <summary>How many tokens the bucket holds.</summary>
    /// <value>1 to 1,000,000; 200 by default.</value>
    public int Burst { get; set; } = 200;

    internal IEnumerable<string> Validate(string name) => OptionRange.Problems(
        OptionRange.Check($"{name}.{nameof(PermitsPerSecond)}", PermitsPerSecond, 0.001, 1_000_000),
        OptionRange.Check($"{name}.{nameof(Burst)}", Burst, 1, 1_000_000));

    internal RateLimitOptions Copy() => (RateLimitOptions)MemberwiseClone();
}
