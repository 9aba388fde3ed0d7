namespace OutboundInterception.Benchmarks;

internal sealed class Row07Workerd() : Row(7)
{
    public override bool NeedsPeers => true;

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        await using ChildProcess origin = await ChildProcess.ServeAsync("origin");
        await using ChildProcess? workerd = await Peers.StartWorkerdAsync(origin.Url);
        Result line = new()
        {
            Row = Number,
            What = "the same chain",
            ComparedWith = "workerd: dispatcher → tenant → outbound worker",
            Ours = Peers.InstallWorkerd,
        };
        if (workerd is null)
        {
            return [line];
        }

        await using ChildProcess chain = await ChildProcess.ServeAsync("chain", origin.Url);
        Comparison comparison = await Comparison.RunAsync(chain, workerd, time);
        return
        [
            line with
            {
                Ours = comparison.Ours,
                Theirs = comparison.Theirs,
                Ratio = comparison.PerSecond,
                Targets =
                [
                    Target.AtLeast(comparison.PerSecond, 7),
                    new Target($"CPU ≤ 1/6 (is 1/{1 / comparison.Cpu:0.0})", comparison.Cpu, 1.0 / 6),
                ],
            },
        ];
    }
}
