namespace OutboundInterception.Benchmarks;

/// <summary>One line of the scoreboard.</summary>
internal sealed record Result
{
    public required int Row { get; init; }

    public required string What { get; init; }

    public required string ComparedWith { get; init; }

    public required string Ours { get; init; }

    public string Theirs { get; init; } = "";

    /// <summary>Ours to theirs.</summary>
    public double? Ratio { get; init; }

    /// <summary>Bytes an operation.</summary>
    public double? Allocated { get; init; }

    public IReadOnlyList<Target> Targets { get; init; } = [];

    public Verdict Verdict => Targets.Count == 0 ? Verdict.Met : Targets.Max(static target => target.Verdict);
}
