namespace OutboundInterception.Benchmarks;

internal sealed class Row13Resilience() : Row(13)
{
    private const double Share = 0.6;

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        ResilienceBenchmarks benchmarks = new();
        benchmarks.Setup();
        Timing[] timings = await Interleaved.MeasureAsync(
            time,
            new(benchmarks.HttpClientAsync, ResilienceBenchmarks.Operations),
            new(benchmarks.ResilientHttpClientAsync, ResilienceBenchmarks.Operations),
            new(benchmarks.SubrequestAsync, ResilienceBenchmarks.Operations),
            new(benchmarks.ResilientSubrequestAsync, ResilienceBenchmarks.Operations));
        await benchmarks.CleanupAsync();
        (double theirs, double theirBytes) = Added(timings[0], timings[1]);
        (double ours, double bytes) = Added(timings[2], timings[3]);
        return
        [
            new Result
            {
                Row = Number,
                What = "what resilience adds to a subrequest",
                ComparedWith = "what AddStandardResilienceHandler adds",
                Ours = Ns(ours),
                Theirs = Ns(theirs),
                Ratio = ours / theirs,
                Allocated = bytes,
                Targets =
                [
                    Target.Ratio(ours / theirs, Share),
                    Target.Bytes(bytes, Share * theirBytes, FormattableString.Invariant($"≤ {Share}× its {theirBytes:0} B")),
                ],
            },
        ];
    }

    private static (double Nanoseconds, double Bytes) Added(Timing without, Timing with) => (with.Nanoseconds - without.Nanoseconds, with.Bytes - without.Bytes);
}
