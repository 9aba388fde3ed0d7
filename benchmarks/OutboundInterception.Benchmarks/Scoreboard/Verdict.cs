namespace OutboundInterception.Benchmarks;

internal enum Verdict
{
    Met,

    /// <summary>Missed by what a busy machine may explain.</summary>
    Missed,

    /// <summary>An allocation target is exceeded, or another one by more than the tolerance: the scoreboard exits non-zero.</summary>
    Failed,
}
