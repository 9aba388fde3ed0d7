namespace OutboundInterception;

/// <summary>A policy was refused as a whole; the one that was in force, if any, still is.</summary>
public sealed class PolicyValidationException : ArgumentException
{
    internal PolicyValidationException(IReadOnlyList<string> problems)
        : base($"The outbound policy was refused as a whole, for {(problems.Count == 1 ? "this problem" : $"these {problems.Count} problems")}:"
            + string.Concat(problems.Select(static problem => $"{Environment.NewLine}- {problem}")))
        => Problems = problems;

    /// <summary>Every problem that was found, each with where it stands and what to write instead.</summary>
    public IReadOnlyList<string> Problems { get; }
}
