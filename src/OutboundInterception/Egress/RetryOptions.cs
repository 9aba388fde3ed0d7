namespace OutboundInterception;

/// <summary>
/// When a subrequest is sent again that failed on the way or was answered with 408, 429, 500, 502, 503 or 504. Only
/// GET, HEAD, OPTIONS, PUT and DELETE are, and only without a body or with one that was kept
/// (<see cref="DispatchNamespaceOptions.ReplayBytes"/>). Each retry counts as a subrequest of its dispatch
/// (<see cref="DispatchLimits.Subrequests"/>), and is decided on again if the policy was replaced meanwhile. Where no
/// retry is possible any more, the tenant gets the last outcome.
/// </summary>
public sealed class RetryOptions
{
    /// <summary>How often it is sent again at most.</summary>
    /// <value>1 to 10; 3 by default.</value>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The wait before the first retry; it doubles with each further one, and varies at random.</summary>
    /// <value>Zero to one minute; 0.2 s by default.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest wait. An answer whose <c>Retry-After</c> asks for more, or for more than is left of the dispatch or of
    /// <see cref="ResilienceOptions.TotalTimeout"/>, goes to the tenant at once.
    /// </summary>
    /// <value>At least <see cref="BaseDelay"/>, at most 5 minutes; 10 s by default.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Validate(string name) => OptionRange.Problems(
        OptionRange.Check($"{name}.{nameof(MaxRetries)}", MaxRetries, 1, 10),
        OptionRange.Check($"{name}.{nameof(BaseDelay)}", BaseDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        OptionRange.Check($"{name}.{nameof(MaxDelay)}", MaxDelay, BaseDelay, TimeSpan.FromMinutes(5)));

    internal RetryOptions Copy() => (RetryOptions)MemberwiseClone();
}
