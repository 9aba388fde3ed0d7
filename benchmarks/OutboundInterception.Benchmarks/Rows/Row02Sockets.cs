namespace OutboundInterception.Benchmarks;

internal sealed class Row02Sockets() : Row(2)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SocketsBenchmarks benchmarks = new();
        benchmarks.Setup();
        Timing[] timings = await Interleaved.MeasureAsync(
            time, new(benchmarks.HttpClientAsync, SocketsBenchmarks.Operations), new(benchmarks.SubrequestAsync, SocketsBenchmarks.Operations));
        await benchmarks.CleanupAsync();
        (Timing theirs, Timing ours) = (timings[0], timings[1]);
        return
        [
            new Result
            {
                Row = Number,
                What = "one subrequest over SocketsHttpHandler in memory",
                ComparedWith = "lean HttpClient + SocketsHttpHandler",
                Ours = Ns(ours.Nanoseconds),
                Theirs = Ns(theirs.Nanoseconds),
                Ratio = ours.Nanoseconds / theirs.Nanoseconds,
                Allocated = ours.Bytes,
                Targets = [Target.Ratio(ours.Nanoseconds / theirs.Nanoseconds, 1.55)],
            },
        ];
    }
}
