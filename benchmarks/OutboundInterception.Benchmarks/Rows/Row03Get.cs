namespace OutboundInterception.Benchmarks;

internal sealed class Row03Get() : Row(3)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SubrequestBenchmarks calls = new();
        calls.Setup();
        GetBenchmarks benchmarks = new();
        benchmarks.Setup();
        Timing[] timings = await Interleaved.MeasureAsync(
            time,
            new(calls.HttpClientAsync, SubrequestBenchmarks.Operations),
            new(
                () =>
                {
                    benchmarks.Get();
                    return Task.CompletedTask;
                },
                GetBenchmarks.Operations));
        await benchmarks.CleanupAsync();
        await calls.CleanupAsync();
        return
        [
            new Result
            {
                Row = Number,
                What = "Get",
                ComparedWith = "one HttpClient call",
                Ours = Ns(timings[1].Nanoseconds),
                Theirs = Ns(timings[0].Nanoseconds),
                Ratio = timings[1].Nanoseconds / timings[0].Nanoseconds,
                Allocated = timings[1].Bytes,
                Targets = [Target.Nanoseconds(timings[1].Nanoseconds, 15, timings[0].Nanoseconds), Target.Bytes(timings[1].Bytes, 0)],
            },
        ];
    }
}
