namespace OutboundInterception.Benchmarks;

internal sealed class Row10HostRules() : Row(10)
{
    private const int Million = 1_000_000;

    private static readonly (int Rules, double Hit)[] s_hits = [(10, 25), (10_000, 35), (Million, 150)];

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SubrequestBenchmarks calls = new();
        calls.Setup();
        List<Result> results = [];
        foreach ((int rules, double hit) in s_hits)
        {
            HostRuleBenchmarks benchmarks = new() { Rules = rules };
            benchmarks.Setup();
            int probes = int.Clamp(2_000_000 / rules, 16, HostRuleBenchmarks.Operations);
            Timing[] timings = await Interleaved.MeasureAsync(
                time,
                new(calls.HttpClientAsync, SubrequestBenchmarks.Operations),
                new(Wrap(() => benchmarks.Hit()), HostRuleBenchmarks.Operations),
                new(Wrap(() => benchmarks.Miss()), HostRuleBenchmarks.Operations),
                new(Wrap(() => benchmarks.SuffixList(probes)), probes));
            double call = timings[0].Nanoseconds;
            results.Add(ToResult($"host rules, {rules:N0}: hit", timings[1], timings[3], hit, call));
            results.Add(ToResult($"host rules, {rules:N0}: miss", timings[2], timings[3], 40, call));
        }

        await calls.CleanupAsync();
        results.Add(Build());
        return results;
    }

    private static Func<Task> Wrap(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };

    private Result ToResult(string what, Timing ours, Timing list, double limit, double call) => new()
    {
        Row = Number,
        What = what,
        ComparedWith = "list of suffixes, hit",
        Ours = Ns(ours.Nanoseconds),
        Theirs = Ns(list.Nanoseconds),
        Ratio = ours.Nanoseconds / list.Nanoseconds,
        Allocated = ours.Bytes,
        Targets = [Target.Nanoseconds(ours.Nanoseconds, limit, call), Target.Bytes(ours.Bytes, 0)],
    };

    private Result Build()
    {
        string[] patterns = [.. Enumerable.Range(0, Million).Select(HostRuleBenchmarks.Pattern)];
        (double ours, double theirs) = (double.MaxValue, double.MaxValue);
        long bytes = 0;
        for (int round = 0; round < 3; round++)
        {
            (double seconds, bytes) = Retained.Measure(() => Policy(patterns));
            ours = double.Min(ours, seconds);
            theirs = double.Min(theirs, Retained.Measure(() => new HashSet<string>(patterns, StringComparer.Ordinal)).Seconds);
        }

        double perRule = bytes / (double)Million;
        double limit = 1.5 / Yardstick.MillionNamesSeconds;
        return new Result
        {
            Row = Number,
            What = "host rules, 1,000,000: build, bytes a rule",
            ComparedWith = "filling a HashSet",
            Ours = Ns(ours * 1e9),
            Theirs = Ns(theirs * 1e9),
            Ratio = ours / theirs,
            Allocated = perRule,
            Targets = [new Target($"≤ 1.5 s = {limit:0}×", ours / theirs, limit), Target.Bytes(perRule, 40, "≤ 40 B a rule")],
        };
    }

    private static OutboundPolicy Policy(string[] patterns)
    {
        OutboundPolicyBuilder builder = new();
        builder.AllowHosts(patterns);
        return builder.Build();
    }
}
