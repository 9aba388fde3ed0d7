using System.Diagnostics;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 15: dispatches with a subrequest each, from one thread and from two.</summary>
internal static class ThreadsBenchmark
{
    private const int Dispatches = 200;

    /// <returns>How many times as much two threads do as one, and how many times as much with a plain client that shares nothing.</returns>
    public static async Task<(double Ours, double Plain)> ScaleAsync(TimeSpan time)
    {
        SubrequestPerDispatch work = new();
        Func<Task> ours = () => work.RunAsync(Dispatches);
        Func<Task> plain = PlainAsync;
        await ours();
        await plain();
        double[] rates = new double[4];
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time * 2;)
        {
            rates[0] = double.Max(rates[0], Rate(ours, 1));
            rates[1] = double.Max(rates[1], Rate(ours, 2));
            rates[2] = double.Max(rates[2], Rate(plain, 1));
            rates[3] = double.Max(rates[3], Rate(plain, 2));
        }

        await work.DisposeAsync();
        return (rates[1] / rates[0], rates[3] / rates[2]);
    }

    private static async Task PlainAsync()
    {
        using HttpClient client = new(new PassHandler(new StubHandler())) { Timeout = Timeout.InfiniteTimeSpan };
        await SubrequestLoop.RunAsync(client);
    }

    private static double Rate(Func<Task> work, int threads)
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
                work().GetAwaiter().GetResult();
                count++;
            }

            Interlocked.Add(ref done, count);
        }))];
        Array.ForEach(running, static thread => thread.Start());
        barrier.SignalAndWait();
        Array.ForEach(running, static thread => thread.Join());
        return done;
    }
}
