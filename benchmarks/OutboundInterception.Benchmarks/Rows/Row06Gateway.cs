namespace OutboundInterception.Benchmarks;

internal sealed class Row06Gateway() : Row(6)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        await using ChildProcess origin = await ChildProcess.ServeAsync("origin");
        await using ChildProcess plain = await ChildProcess.ServeAsync("plain", origin.Url);
        await using ChildProcess yarp = await ChildProcess.ServeAsync("yarp", origin.Url);
        await using ChildProcess chain = await ChildProcess.ServeAsync("chain", origin.Url);

        // MapDispatchNamespace translates between server and tenant with YARP's forwarder: what that takes by itself.
        Comparison translated = await Comparison.RunAsync(yarp, plain, time);
        Comparison dispatched = await Comparison.RunAsync(chain, plain, time);
        return
        [
            ToResult("Kestrel → YARP → origin", translated, []),
            ToResult("Kestrel → dispatch → tenant → worker → origin", dispatched, [Target.AtLeast(dispatched.PerSecond, 0.9)]),
        ];
    }

    private Result ToResult(string what, Comparison comparison, Target[] targets) => new()
    {
        Row = Number,
        What = what,
        ComparedWith = "Kestrel → HttpClient → origin, by hand",
        Ours = comparison.Ours,
        Theirs = comparison.Theirs,
        Ratio = comparison.PerSecond,
        Targets = targets,
    };
}
