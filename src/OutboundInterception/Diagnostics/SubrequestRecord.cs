namespace OutboundInterception;

/// <summary>One subrequest from beginning to end; each redirect hop and each WebSocket handshake is one. Immutable.</summary>
public sealed record SubrequestRecord
{
    /// <summary>When the tenant asked for it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The tenant's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The dispatch, by a name that is unique within the process.</summary>
    public required string DispatchId { get; init; }

    /// <summary>0 for what the tenant asked for, 1 for the first redirect that was followed, and so on.</summary>
    public required int Hop { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Scheme, host, port and path as the tenant asked for them, without userinfo, query and fragment.</summary>
    public required string Url { get; init; }

    /// <summary>What became of it.</summary>
    public required SubrequestDecision Decision { get; init; }

    /// <summary>The rule that decided, where one did.</summary>
    public string? RuleId { get; init; }

    /// <summary>Why it was blocked, or would have been (<see cref="WouldBlock"/>).</summary>
    public string? Reason { get; init; }

    /// <summary>The mode in which the policy decided, or <see langword="null"/> if it did not come to that.</summary>
    public PolicyMode? Mode { get; init; }

    /// <summary>Whether <see cref="PolicyMode.Report"/> is all that let it out; then rule and reason are those of the refusal.</summary>
    public bool WouldBlock { get; init; }

    /// <summary>The status of the response, or <see langword="null"/> if there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The type of the exception that ended it, or <see langword="null"/>.</summary>
    public string? Failure { get; init; }

    /// <summary>How often it was sent again, because it failed or the origin asked for that.</summary>
    public int Retries { get; init; }

    /// <summary>Bytes of the request's body that were read.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Bytes of the response's body that were read.</summary>
    public long ResponseBytes { get; init; }

    /// <summary>From the tenant's call until the response's body was read or disposed, or until it failed.</summary>
    public TimeSpan Duration { get; init; }
}
