using Polly;

namespace OutboundInterception;

/// <summary>
/// How the egress of a namespace deals with origins that are slow or fail, behind the last outbound worker. Timeouts are
/// always on; the rest is off until <c>AddResilience</c> turns it on or it is set here. A part that is
/// <see langword="null"/> is off. Read once, when the namespace is made.
/// </summary>
public sealed class ResilienceOptions
{
    /// <summary>
    /// How long one attempt may take until the response's headers are there; a body may take longer. With nothing else
    /// turned on, a subrequest has one attempt, and the shorter of the two timeouts ends it as a whole, its outbound workers
    /// included; otherwise only the attempt ends, and the worker gets a <see cref="HttpRequestException"/>.
    /// </summary>
    /// <value>10 ms to one hour, or <see cref="Timeout.InfiniteTimeSpan"/>; 30 s by default.</value>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a subrequest may take from leaving the last outbound worker until its headers are there, all attempts and
    /// the waits between them included. It ends no sooner, and at most about 0.1 s later. Each redirect hop has its own.
    /// </summary>
    /// <value>10 ms to one hour, or <see cref="Timeout.InfiniteTimeSpan"/>; 90 s by default.</value>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Sends again what failed.</summary>
    /// <value><see langword="null"/>, off, by default.</value>
    public RetryOptions? Retry { get; set; }

    /// <summary>Leaves an origin alone that fails.</summary>
    /// <value><see langword="null"/>, off, by default.</value>
    public CircuitBreakerOptions? CircuitBreaker { get; set; }

    /// <summary>Bounds how many subrequests of a tenant wait for one authority.</summary>
    /// <value><see langword="null"/>, off, by default.</value>
    public ConcurrencyOptions? Concurrency { get; set; }

    /// <summary>Bounds how many requests a tenant makes in a time.</summary>
    /// <value><see langword="null"/>, off, by default.</value>
    public RateLimitOptions? RateLimit { get; set; }

    /// <summary>
    /// How long the state of a tenant and authority is kept that nobody uses: at least this, at most about twice as long.
    /// </summary>
    /// <value>1 s to one day, and no less than the break of <see cref="CircuitBreaker"/>; 5 minutes by default.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The host's own pipelines in place of <see cref="Retry"/>, <see cref="CircuitBreaker"/>, <see cref="Concurrency"/> and
    /// <see cref="AttemptTimeout"/>: called for a tenant and authority that has none yet, or none any more
    /// (<see cref="IdleTimeout"/>), possibly by several threads. It may return one instance for all. What such a
    /// pipeline sends again is its own to choose; each time counts as a subrequest, and a body that was not kept fails.
    /// </summary>
    /// <value><see langword="null"/> by default.</value>
    public Func<ResilienceKey, ResiliencePipeline<HttpResponseMessage>>? CreatePipeline { get; set; }

    internal bool HasPipelines =>
        Retry is not null || CircuitBreaker is not null || Concurrency is not null || RateLimit is not null || CreatePipeline is not null;

    /// <summary>What ends a subrequest as a whole.</summary>
    internal TimeSpan OverallTimeout =>
        HasPipelines || AttemptTimeout == Timeout.InfiniteTimeSpan || (TotalTimeout != Timeout.InfiniteTimeSpan && TotalTimeout < AttemptTimeout)
            ? TotalTimeout
            : AttemptTimeout;

    internal void TurnOn()
    {
        Retry ??= new RetryOptions();
        CircuitBreaker ??= new CircuitBreakerOptions();
        Concurrency ??= new ConcurrencyOptions();
        RateLimit ??= new RateLimitOptions();
    }

    internal IEnumerable<string> Validate()
    {
        const string Name = nameof(DispatchNamespaceOptions.Resilience);
        IEnumerable<string> problems = OptionRange.Problems(
            CheckTimeout($"{Name}.{nameof(AttemptTimeout)}", AttemptTimeout),
            CheckTimeout($"{Name}.{nameof(TotalTimeout)}", TotalTimeout),
            OptionRange.Check($"{Name}.{nameof(IdleTimeout)}", IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            TotalTimeout != Timeout.InfiniteTimeSpan && AttemptTimeout > TotalTimeout
                ? $"{Name}.{nameof(AttemptTimeout)} is {AttemptTimeout}; it must not be longer than {nameof(TotalTimeout)}, which is {TotalTimeout}."
                : null,
            CircuitBreaker?.BreakDuration > IdleTimeout
                ? $"{Name}.{nameof(IdleTimeout)} is {IdleTimeout}; it must be at least {nameof(CircuitBreaker)}.{nameof(CircuitBreakerOptions.BreakDuration)}, which is {CircuitBreaker.BreakDuration}."
                : null,
            CreatePipeline is not null && (Retry is not null || CircuitBreaker is not null || Concurrency is not null)
                ? $"{Name}.{nameof(CreatePipeline)} is set beside {nameof(Retry)}, {nameof(CircuitBreaker)} or {nameof(Concurrency)}, which it replaces. Set those to null, or build them into the pipeline."
                : null);
        return problems
            .Concat(Retry?.Validate($"{Name}.{nameof(Retry)}") ?? [])
            .Concat(CircuitBreaker?.Validate($"{Name}.{nameof(CircuitBreaker)}") ?? [])
            .Concat(Concurrency?.Validate($"{Name}.{nameof(Concurrency)}") ?? [])
            .Concat(RateLimit?.Validate($"{Name}.{nameof(RateLimit)}") ?? []);
    }

    internal ResilienceOptions Copy()
    {
        ResilienceOptions copy = (ResilienceOptions)MemberwiseClone();
        copy.Retry = Retry?.Copy();
        copy.CircuitBreaker = CircuitBreaker?.Copy();
        copy.Concurrency = Concurrency?.Copy();
        copy.RateLimit = RateLimit?.Copy();
        return copy;
    }

    private static string? CheckTimeout(string name, TimeSpan value) =>
        value == Timeout.InfiniteTimeSpan ? null : OptionRange.Check(name, value, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
}
