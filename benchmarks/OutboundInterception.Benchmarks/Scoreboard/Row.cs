namespace OutboundInterception.Benchmarks;

/// <summary>A row of the scoreboard, which may have several lines.</summary>
internal abstract class Row(int number)
{
    public int Number { get; } = number;

    /// <summary>Whether it needs programs that are not .NET.</summary>
    public virtual bool NeedsPeers => false;

    /// <param name="time">How long each of its comparisons is to be timed.</param>
    public abstract Task<IReadOnlyList<Result>> RunAsync(TimeSpan time);

    protected static string Ns(double nanoseconds) => nanoseconds switch
    {
        < 10 => FormattableString.Invariant($"{nanoseconds:0.0} ns"),
        < 1e3 => FormattableString.Invariant($"{nanoseconds:0} ns"),
        < 1e6 => FormattableString.Invariant($"{nanoseconds / 1e3:0.00} µs"),
        < 1e9 => FormattableString.Invariant($"{nanoseconds / 1e6:0.00} ms"),
        _ => FormattableString.Invariant($"{nanoseconds / 1e9:0.00} s"),
    };
}
