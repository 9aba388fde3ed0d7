namespace OutboundInterception;

/// <summary>Settings of one namespace. Read once, when it is made; tenants and policy may change later.</summary>
public sealed class DispatchNamespaceOptions
{
    /// <summary>What tenants, workers and records are told that the namespace is called.</summary>
    /// <value>1 to 128 of the characters <c>A-Z a-z 0-9 - _ . ~</c>. <see langword="null"/> by default: the name that it is registered under.</value>
    public string? Label { get; set; }

    /// <summary>What a dispatch may use unless it says otherwise.</summary>
    /// <value>Each limit's default by default.</value>
    public DispatchLimits Limits { get; set; } = new();

    /// <summary>What tenants may leave to interpretation in a URL.</summary>
    /// <value><see cref="UrlStrictness.Strict"/> by default.</value>
    public UrlStrictness UrlStrictness { get; set; } = UrlStrictness.Strict;

    /// <summary>How much of a request's body is kept to send it again, when a worker sends or reads it twice.</summary>
    /// <value>Bytes, 0 to 16 MiB; 64 KiB by default.</value>
    public int ReplayBytes { get; set; } = 64 * 1024;

    /// <summary>How long shutting down waits for dispatches and background work before it cancels them.</summary>
    /// <value>At least zero; 30 s by default.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether tenants see the text of what went wrong in outbound workers and on the network. It may hold secrets and
    /// shows the inside of the network: for development.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool ExposeOutboundErrors { get; set; }

    /// <summary>What the records of subrequests hold.</summary>
    /// <value>Nothing that may be secret by default.</value>
    public RecordOptions Records { get; set; } = new();

    /// <summary>
    /// Allows dispatches that a tenant or a worker starts, and says with what a tenant's are made: outbound parameters are
    /// the host's to choose. <see langword="null"/> as an answer refuses.
    /// </summary>
    /// <value><see langword="null"/> by default: not allowed.</value>
    public Func<NestedDispatch, DispatchOptions?>? NestedDispatch { get; set; }

    /// <summary>
    /// What this platform calls itself in <c>CDN-Loop</c> (RFC 8586), by which loops that leave the process are counted.
    /// </summary>
    /// <value>A token; <c>outbound-interception</c> by default. <see langword="null"/> neither sends nor counts.</value>
    public string? CdnLoopId { get; set; } = "outbound-interception";
}
