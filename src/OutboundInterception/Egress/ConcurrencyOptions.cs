namespace OutboundInterception;

/// <summary>
/// How many subrequests of one tenant may wait for the response headers of one authority at once. What a dispatch may have
/// in progress, bodies included, is <see cref="DispatchLimits.ConcurrentSubrequests"/>.
/// </summary>
public sealed class ConcurrencyOptions
{
    /// <summary>How many at once.</summary>
    /// <value>1 to 65535; 64 by default.</value>
    public int Limit { get; set; } = 64;

    /// <summary>How many more may wait until it is their turn; <see cref="ResilienceOptions.TotalTimeout"/> covers the wait.</summary>
    /// <value>0 to 65535; 64 by default.</value>
    public int Queue { get; set; } = 64;

    internal IEnumerable<string> Validate(string name) => OptionRange.Problems(
        OptionRange.Check($"{name}.{nameof(Limit)}", Limit, 1, 65535),
        OptionRange.Check($"{name}.{nameof(Queue)}", Queue, 0, 65535));

    internal ConcurrencyOptions Copy() => (ConcurrencyOptions)MemberwiseClone();
}
