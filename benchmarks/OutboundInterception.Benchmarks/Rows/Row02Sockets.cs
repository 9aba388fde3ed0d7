namespace OutboundInterception.Benchmarks;

internal sealed class Row02Sockets() : Row(2)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SocketsBenchmarks benchmarks = new();
        benchmarks.Setup();
        Timing[] timings = await Interleaved.MeasureAsync(
            time,
            new(benchmarks.HttpClientAsync, SocketsBenchmarks.Operations),
            new(benchmarks.ByHandAsync, SocketsBenchmarks.Operations),
            new(benchmarks.SubrequestAsync, SocketsBenchmarks.Operations));
        await benchmarks.CleanupAsync();
        return
        [
            ToResult("the least that isolates and records, by hand", timings[1], timings[0], []),
            ToResult("one subrequest over SocketsHttpHandler in memory", timings[2], timings[0], [Target.Ratio(timings[2].Nanoseconds / timings[0].Nanoseconds, 1.55)]),
        ];
    }

    private Result ToResult(string what, Timing ours, Timing theirs, Target[] targets) => new()
    {
        Row = Number,
        What = what,
        ComparedWith = "lean HttpClient + SocketsHttpHandler",
        Ours = Ns(ours.Nanoseconds),
        Theirs = Ns(theirs.Nanoseconds),
        Ratio = ours.Nanoseconds / theirs.Nanoseconds,
        Allocated = ours.Bytes,
        Targets = targets,
    };
}
