namespace OutboundInterception.Benchmarks;

internal sealed class Row14Observation() : Row(14)
{
    private const double AddedNanoseconds = 400;

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SubrequestBenchmarks calls = new();
        calls.Setup();
        ObservationBenchmarks benchmarks = new();
        benchmarks.Setup();
        Timing[] timings = await Interleaved.MeasureAsync(
            time,
            new(calls.HttpClientAsync, SubrequestBenchmarks.Operations),
            new(benchmarks.UnseenAsync, ObservationBenchmarks.Operations),
            new(benchmarks.SeenAsync, ObservationBenchmarks.Operations));
        await benchmarks.CleanupAsync();
        await calls.CleanupAsync();
        double added = timings[2].Nanoseconds - timings[1].Nanoseconds;
        return
        [
            new Result
            {
                Row = Number,
                What = "what record, metrics and log add to a subrequest",
                ComparedWith = "subrequest that nobody looks at",
                Ours = Ns(added),
                Theirs = Ns(timings[1].Nanoseconds),
                Ratio = added / timings[1].Nanoseconds,
                Allocated = timings[2].Bytes - timings[1].Bytes,
                Targets = [Target.Nanoseconds(added, AddedNanoseconds, timings[0].Nanoseconds)],
            },
        ];
    }
}
