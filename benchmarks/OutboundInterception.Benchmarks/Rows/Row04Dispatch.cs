namespace OutboundInterception.Benchmarks;

internal sealed class Row04Dispatch() : Row(4)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SubrequestBenchmarks calls = new();
        calls.Setup();
        DispatchBenchmarks benchmarks = new();
        benchmarks.Setup();
        Timing[] timings = await Interleaved.MeasureAsync(
            time, new(calls.HttpClientAsync, SubrequestBenchmarks.Operations), new(benchmarks.DispatchAsync, DispatchBenchmarks.Operations));
        await benchmarks.CleanupAsync();
        await calls.CleanupAsync();
        return
        [
            new Result
            {
                Row = Number,
                What = "dispatch without subrequest",
                ComparedWith = "one HttpClient call",
                Ours = Ns(timings[1].Nanoseconds),
                Theirs = Ns(timings[0].Nanoseconds),
                Ratio = timings[1].Nanoseconds / timings[0].Nanoseconds,
                Allocated = timings[1].Bytes,
                Targets = [Target.Nanoseconds(timings[1].Nanoseconds, 120, timings[0].Nanoseconds), Target.Bytes(timings[1].Bytes, 250)],
            },
        ];
    }
}
