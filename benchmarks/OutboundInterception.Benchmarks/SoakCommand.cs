using System.Diagnostics;

namespace OutboundInterception.Benchmarks;

/// <summary><c>soak [--dispatches N]</c>: many dispatches with a subrequest each; memory must not grow.</summary>
internal static class SoakCommand
{
    private const double MaxGrowth = 0.02;

    // So that a namespace is of a size where two percent mean something: less than a byte for each ten dispatches of a million.
    private const int Tenants = 10_000;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        int dispatches = (int)(arguments.Number("--dispatches") ?? 1_000_000);
        long start = Stopwatch.GetTimestamp();
        (long first, long last) = await RunAsync(dispatches);
        double growth = (last - first) / (double)first;
        Console.WriteLine(FormattableString.Invariant(
            $"{dispatches:N0} dispatches in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {first:N0} bytes after the first 10 %, {last:N0} at the end, {growth:+0.00 %;-0.00 %}"));
        return double.Abs(growth) < MaxGrowth ? 0 : 1;
    }

    /// <returns>The bytes that are alive after the first tenth, and at the end.</returns>
    public static async Task<(long First, long Last)> RunAsync(int dispatches)
    {
        await using SubrequestPerDispatch work = new(Tenants);
        await work.RunAsync(dispatches / 10);
        long first = Live();
        await work.RunAsync(dispatches - (dispatches / 10));
        return (first, Live());
    }

    private static long Live()
    {
        // Twice: what a finalizer lets go is collected by the second.
        GC.GetTotalMemory(forceFullCollection: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
