namespace OutboundInterception.Benchmarks;

internal sealed class Row12Tenants() : Row(12)
{
    private const int Million = 1_000_000;

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        List<Result> results = [];
        foreach (int tenants in new[] { 1_000, 100_000, Million })
        {
            TenantTableBenchmarks benchmarks = new() { Tenants = tenants };
            benchmarks.Setup();
            Timing[] timings = await Interleaved.MeasureAsync(
                time,
                new(
                    () =>
                    {
                        benchmarks.Dictionary();
                        return Task.CompletedTask;
                    },
                    TenantTableBenchmarks.Operations),
                new(
                    () =>
                    {
                        benchmarks.Table();
                        return Task.CompletedTask;
                    },
                    TenantTableBenchmarks.Operations));
            results.Add(new Result
            {
                Row = Number,
                What = $"tenants, {tenants:N0}: look-up",
                ComparedWith = "Dictionary",
                Ours = Ns(timings[1].Nanoseconds),
                Theirs = Ns(timings[0].Nanoseconds),
                Ratio = timings[1].Nanoseconds / timings[0].Nanoseconds,
                Allocated = timings[1].Bytes,
                Targets = [Target.Ratio(timings[1].Nanoseconds / timings[0].Nanoseconds, 1.3), Target.Bytes(timings[1].Bytes, 0)],
            });
        }

        results.Add(Registration());
        return results;
    }

    private Result Registration()
    {
        (double ours, double theirs) = (double.MaxValue, double.MaxValue);
        long bytes = 0;
        string[] names = [.. TenantTableBenchmarks.Register(Million).Names];
        for (int round = 0; round < 3; round++)
        {
            (double seconds, bytes) = Retained.Measure(static () => TenantTableBenchmarks.Register(Million));
            ours = double.Min(ours, seconds);
            theirs = double.Min(theirs, Retained.Measure(() => new HashSet<string>(names, StringComparer.Ordinal)).Seconds);
        }

        double limit = 5 / Yardstick.MillionNamesSeconds;
        return new Result
        {
            Row = Number,
            What = "tenants, 1,000,000: registration, bytes each",
            ComparedWith = "filling a HashSet",
            Ours = Ns(ours * 1e9),
            Theirs = Ns(theirs * 1e9),
            Ratio = ours / theirs,
            Allocated = bytes / (double)Million,
            Targets = [new Target($"≤ 5 s = {limit:0}×", ours / theirs, limit), Target.Bytes(bytes / (double)Million, 220, "≤ 220 B each")],
        };
    }
}
