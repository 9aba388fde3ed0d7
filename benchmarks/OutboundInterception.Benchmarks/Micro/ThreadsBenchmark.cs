using System.Diagnostics;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 15: dispatches with a subrequest each, from one thread and from two.</summary>
internal static class ThreadsBenchmark
{
    private const int Dispatches = 200;

    /// <returns>How many times as much two threads do as one.</returns>
    public static async Task<double> ScaleAsync(TimeSpan time)
    {
        SubrequestPerDispatch work = new();
        (double one, double two) = (0, 0);
        await work.RunAsync(Dispatches);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            one = double.Max(one, Rate(work, 1));
            two = double.Max(two, Rate(work, 2));
        }

        await work.DisposeAsync();
        return two / one;
    }

    private static double Rate(SubrequestPerDispatch work, int threads)
    {
        long done = 0;
        using Barrier barrier = new(threads + 1);
        Thread[] running = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            barrier.SignalAndWait();
            long start = Stopwatch.GetTimestamp();
            long count = 0;
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(300))
            {
                work.RunAsync(Dispatches).GetAwaiter().GetResult();
                count += Dispatches;
            }

            Interlocked.Add(ref done, count);
        }))];
        Array.ForEach(running, static thread => thread.Start());
        barrier.SignalAndWait();
        Array.ForEach(running, static thread => thread.Join());
        return done;
    }
}
