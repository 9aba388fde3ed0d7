using System.Globalization;

namespace OutboundInterception.Benchmarks;

internal sealed class Row15Threads() : Row(15)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        double[] workstation = await RunAsync(time, serverCollector: false);
        double[] server = await RunAsync(time, serverCollector: true);
        return [ToResult("workstation GC", workstation, []), ToResult("server GC", server, [Target.AtLeast(server[0], 1.6)])];
    }

    // The collector's kind is a process's from its start, and what other rows have left in this one is to be collected too.
    private static async Task<double[]> RunAsync(TimeSpan time, bool serverCollector)
    {
        string output = await ChildProcess.RunSelfAsync(
            ["threads", "--seconds", time.TotalSeconds.ToString(CultureInfo.InvariantCulture)], ("DOTNET_gcServer", serverCollector ? "1" : "0"));
        return [.. output.Split(' ').Select(static scale => double.Parse(scale, CultureInfo.InvariantCulture))];
    }

    private Result ToResult(string collector, double[] scales, Target[] targets) => new()
    {
        Row = Number,
        What = $"two threads, {collector}",
        ComparedWith = "one thread; theirs: the same of a plain HttpClient",
        Ours = FormattableString.Invariant($"{scales[0]:0.00}×"),
        Theirs = FormattableString.Invariant($"{scales[1]:0.00}×"),
        Ratio = scales[0],
        Targets = targets,
    };
}
