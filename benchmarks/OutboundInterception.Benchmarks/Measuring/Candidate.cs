namespace OutboundInterception.Benchmarks;

/// <summary>Something that is timed.</summary>
/// <param name="Run">Does it <paramref name="Operations"/> times.</param>
/// <param name="Operations">How often one run does it.</param>
internal sealed record Candidate(Func<Task> Run, int Operations = 1);
