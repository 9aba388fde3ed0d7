namespace OutboundInterception.Benchmarks;

internal sealed class Row06Gateway() : Row(6)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        await using ChildProcess origin = await ChildProcess.ServeAsync("origin");
        await using ChildProcess plain = await ChildProcess.ServeAsync("plain", origin.Url);
        await using ChildProcess chain = await ChildProcess.ServeAsync("chain", origin.Url);
        Comparison comparison = await Comparison.RunAsync(chain, plain, time);
        return
        [
            new Result
            {
                Row = Number,
                What = "Kestrel → dispatch → tenant → worker → origin",
                ComparedWith = "Kestrel → HttpClient → origin, by hand",
                Ours = comparison.Ours,
                Theirs = comparison.Theirs,
                Ratio = comparison.PerSecond,
                Targets = [Target.AtLeast(comparison.PerSecond, 0.9)],
            },
        ];
    }
}
