namespace OutboundInterception;

/// <summary>When a namespace counts as degraded or unhealthy.</summary>
public sealed class DispatchNamespaceHealthOptions
{
    /// <summary>The time that is looked back on for failures.</summary>
    /// <value>1 s to 1 h; a minute by default.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many subrequests there must have been in that time before their failures say anything.</summary>
    /// <value>At least 1; 20 by default.</value>
    public int MinimumSubrequests { get; set; } = 20;

    /// <summary>
    /// The share of subrequests that failed from which on it is degraded: no connection, no answer, no HTTP, or a failing
    /// outbound worker. What is refused, malformed, cancelled or over a limit or deadline does not count.
    /// </summary>
    /// <value>Above 0, up to 1; 0.25 by default.</value>
    public double DegradedFailureShare { get; set; } = 0.25;

    /// <summary>
    /// The share from which on it is unhealthy. Tenants can make their subrequests fail as they like: do not let this restart a
    /// platform that serves anybody.
    /// </summary>
    /// <value>Above 0, up to 1; <see langword="null"/> by default: never.</value>
    public double? UnhealthyFailureShare { get; set; }

    /// <summary>How many active dispatches make it degraded.</summary>
    /// <value>At least 1; <see langword="null"/> by default: no number does.</value>
    public int? DegradedActiveDispatches { get; set; }

    /// <summary>How many active dispatches make it unhealthy.</summary>
    /// <value>At least 1; <see langword="null"/> by default: no number does.</value>
    public int? UnhealthyActiveDispatches { get; set; }

    /// <summary>How many <see cref="DispatchNamespace.StuckDispatches"/> make it degraded.</summary>
    /// <value>At least 1; 1 by default.</value>
    public int DegradedStuckDispatches { get; set; } = 1;

    /// <summary>How many <see cref="DispatchNamespace.StuckDispatches"/> make it unhealthy: only a restart ends them.</summary>
    /// <value>At least 1; <see langword="null"/> by default: no number does.</value>
    public int? UnhealthyStuckDispatches { get; set; }

    /// <exception cref="ArgumentOutOfRangeException">Something is out of range.</exception>
    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, TimeSpan.FromSeconds(1), nameof(Window));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Window, TimeSpan.FromHours(1), nameof(Window));
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumSubrequests, 1, nameof(MinimumSubrequests));
        foreach (double share in new[] { DegradedFailureShare, UnhealthyFailureShare ?? 1 })
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share, "FailureShare");
            ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1, "FailureShare");
        }

        foreach (int count in new[] { DegradedActiveDispatches ?? 1, UnhealthyActiveDispatches ?? 1, DegradedStuckDispatches, UnhealthyStuckDispatches ?? 1 })
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, "Dispatches");
        }
    }
}
