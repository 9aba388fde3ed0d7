namespace OutboundInterception.Benchmarks;

internal sealed class Row11Networks() : Row(11)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SubrequestBenchmarks calls = new();
        calls.Setup();
        List<Result> results = [];
        foreach (int networks in new[] { 10, 1_000, 100_000 })
        {
            NetworkBenchmarks benchmarks = new() { Networks = networks };
            benchmarks.Setup();
            int probes = int.Clamp(1_000_000 / networks, 16, NetworkBenchmarks.Operations);
            Timing[] timings = await Interleaved.MeasureAsync(
                time,
                new(calls.HttpClientAsync, SubrequestBenchmarks.Operations),
                new(
                    () =>
                    {
                        benchmarks.Ranges();
                        return Task.CompletedTask;
                    },
                    NetworkBenchmarks.Operations),
                new(
                    () =>
                    {
                        benchmarks.List(probes);
                        return Task.CompletedTask;
                    },
                    probes));
            results.Add(new Result
            {
                Row = Number,
                What = $"address networks, {networks:N0}",
                ComparedWith = "list of IPNetwork",
                Ours = Ns(timings[1].Nanoseconds),
                Theirs = Ns(timings[2].Nanoseconds),
                Ratio = timings[1].Nanoseconds / timings[2].Nanoseconds,
                Allocated = timings[1].Bytes,
                Targets = [Target.Nanoseconds(timings[1].Nanoseconds, 6, timings[0].Nanoseconds), Target.Bytes(timings[1].Bytes, 0)],
            });
        }

        await calls.CleanupAsync();
        return results;
    }
}
