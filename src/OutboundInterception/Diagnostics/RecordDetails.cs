using System.Net;

namespace OutboundInterception;

/// <summary>What few records have, apart from the record so that the others are the smaller. Immutable.</summary>
internal sealed record RecordDetails
{
    private static readonly RecordDetails s_none = new();

    public string? DispatchId { get; init; }

    public string? Reason { get; init; }

    public string? Worker { get; init; }

    public string? ExceptionType { get; init; }

    public SubrequestPhases? Phases { get; init; }

    public IPEndPoint? Address { get; init; }

    public string? SpanId { get; init; }

    public IReadOnlyList<RecordedHeader>? RequestHeaders { get; init; }

    public IReadOnlyList<RecordedHeader>? ResponseHeaders { get; init; }

    public static RecordDetails Of(RecordDetails? details) => details ?? s_none;

    /// <summary>Itself if it says anything: records that say the same are equal.</summary>
    public RecordDetails? OrNull() => this == s_none ? null : this;
}
