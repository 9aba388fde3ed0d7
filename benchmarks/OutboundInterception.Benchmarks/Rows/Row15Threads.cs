using System.Globalization;

namespace OutboundInterception.Benchmarks;

internal sealed class Row15Threads() : Row(15)
{
    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        double workstation = await ThreadsBenchmark.ScaleAsync(time);

        // The collector's kind is a process's from its start.
        string output = await ChildProcess.RunSelfAsync(["threads", "--seconds", time.TotalSeconds.ToString(CultureInfo.InvariantCulture)], ("DOTNET_gcServer", "1"));
        double server = double.Parse(output.Trim(), CultureInfo.InvariantCulture);
        return [ToResult("workstation GC", workstation, []), ToResult("server GC", server, [Target.AtLeast(server, 1.6)])];
    }

    private Result ToResult(string collector, double scale, Target[] targets) => new()
    {
        Row = Number,
        What = $"two threads, {collector}",
        ComparedWith = "one thread",
        Ours = FormattableString.Invariant($"{scale:0.00}×"),
        Ratio = scale,
        Targets = targets,
    };
}
