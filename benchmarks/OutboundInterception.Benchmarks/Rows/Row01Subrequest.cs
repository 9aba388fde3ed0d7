namespace OutboundInterception.Benchmarks;

internal sealed class Row01Subrequest() : Row(1)
{
    private const double AddedNanoseconds = 350;
    private const double AddedBytes = 900;

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        SubrequestBenchmarks benchmarks = new();
        benchmarks.Setup();
        Timing[] timings = await Interleaved.MeasureAsync(
            time, new(benchmarks.HttpClientAsync, SubrequestBenchmarks.Operations), new(benchmarks.SubrequestAsync, SubrequestBenchmarks.Operations));
        await benchmarks.CleanupAsync();
        (Timing theirs, Timing ours) = (timings[0], timings[1]);
        double limit = (Yardstick.CallNanoseconds + AddedNanoseconds) / Yardstick.CallNanoseconds;
        return
        [
            new Result
            {
                Row = Number,
                What = "one subrequest, everything on, over a stub",
                ComparedWith = "HttpClient + DelegatingHandler",
                Ours = Ns(ours.Nanoseconds),
                Theirs = Ns(theirs.Nanoseconds),
                Ratio = ours.Nanoseconds / theirs.Nanoseconds,
                Allocated = ours.Bytes,
                Targets =
                [
                    new Target($"≤ +350 ns = {limit:0.0}×", ours.Nanoseconds / theirs.Nanoseconds, limit),
                    Target.Bytes(ours.Bytes - theirs.Bytes, AddedBytes, $"≤ +{AddedBytes} B"),
                ],
            },
        ];
    }
}
