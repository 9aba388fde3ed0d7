namespace OutboundInterception.Benchmarks;

internal sealed class Row05Loopback() : Row(5)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        await using ChildProcess origin = await ChildProcess.ServeAsync("origin");
        using LoopbackClient plain = new(origin.Url);
        using LoopbackClient control = new(origin.Url);
        using LoopbackClient byHand = new(origin.Url, wrap: static inner => new HandWrittenHandler(inner));
        await using LoopbackTenant ours = new(origin.Url);
        int rounds = int.Max(3, (int)(time.TotalSeconds * 3));
        Load[][] loads = await Load.InterleaveAsync(
            rounds,
            TimeSpan.FromMilliseconds(500),
            origin,
            (plain.SendAsync, ProcessCpu),
            (control.SendAsync, ProcessCpu),
            (byHand.SendAsync, ProcessCpu),
            (ours.SendAsync, ProcessCpu));
        double perSecond = Load.Ratio(loads[3], loads[0], static load => load.PerSecond);
        double cpu = Load.Ratio(loads[3], loads[0], static load => load.Cpu);
        double both = Load.Ratio(loads[3], loads[0], static load => load.Cpu + load.OriginCpu);
        double p99 = Load.Ratio(loads[3], loads[0], static load => load.P99);
        return
        [
            ToResult("A/A control", loads[1], loads[0], []),
            ToResult("the least that isolates and records, by hand", loads[2], loads[0], []),
            ToResult(
                "dispatch and subrequest",
                loads[3],
                loads[0],
                [
                    Target.AtLeast(perSecond, 0.97),
                    new Target($"CPU ≤ 1.04× (is {cpu:0.00}×, with the origin's {both:0.00}×)", cpu, 1.04),
                    new Target($"p99 ≤ 1.04× (is {p99:0.00}×)", p99, 1.04),
                ]),
        ];
    }

    private static TimeSpan ProcessCpu() => Environment.CpuUsage.TotalTime;

    private Result ToResult(string what, Load[] ours, Load[] theirs, Target[] targets) => new()
    {
        Row = Number,
        What = $"loopback origin, {Load.InFlight} in flight: {what}",
        ComparedWith = "plain HttpClient",
        Ours = Describe(ours),
        Theirs = Describe(theirs),
        Ratio = Load.Ratio(ours, theirs, static load => load.PerSecond),
        Targets = targets,
    };

    private static string Describe(Load[] loads) => FormattableString.Invariant(
        $"{Load.Median(loads.Select(static load => load.PerSecond)):0}/s, {Load.Median(loads.Select(static load => load.Cpu)):0} + {Load.Median(loads.Select(static load => load.OriginCpu)):0} µs CPU, p99 {Load.Median(loads.Select(static load => load.P99)):0} µs");
}
