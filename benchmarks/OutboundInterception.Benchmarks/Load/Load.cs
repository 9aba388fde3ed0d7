using System.Diagnostics;

namespace OutboundInterception.Benchmarks;

/// <summary>What a stretch of load came to.</summary>
/// <param name="PerSecond">Requests.</param>
/// <param name="Cpu">Microseconds a request of whoever is under load.</param>
/// <param name="OriginCpu">Microseconds a request of the origin, where it is asked for.</param>
/// <param name="P99">Microseconds that 99 of 100 requests took at most.</param>
internal readonly record struct Load(double PerSecond, double Cpu, double OriginCpu, double P99)
{
    public const int InFlight = 64;

    private const int MaxWarmUp = 15;

    /// <summary>Keeps 64 requests in flight.</summary>
    /// <param name="request">Sends one and reads its answer to the end.</param>
    /// <param name="cpu">CPU time used so far by whoever is under load.</param>
    /// <param name="time">How long.</param>
    /// <param name="origin">The origin, if its CPU time is to be known too.</param>
    public static async Task<Load> RunAsync(Func<Task> request, Func<TimeSpan> cpu, TimeSpan time, ChildProcess? origin = null)
    {
        TimeSpan before = cpu();
        TimeSpan originBefore = origin?.Cpu ?? TimeSpan.Zero;
        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        List<long>[] latencies = await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            List<long> taken = new(1024);
            for (long now = Stopwatch.GetTimestamp(); now < end;)
            {
                await request();
                long then = Stopwatch.GetTimestamp();
                taken.Add(then - now);
                now = then;
            }

            return taken;
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long[] all = [.. latencies.SelectMany(static taken => taken).Order()];
        return new Load(
            all.Length / seconds,
            (cpu() - before).TotalMicroseconds / all.Length,
            ((origin?.Cpu ?? TimeSpan.Zero) - originBefore).TotalMicroseconds / all.Length,
            all[(int)(all.Length * 0.99)] * 1e6 / Stopwatch.Frequency);
    }

    /// <summary>Loads the lanes in turn, forwards and backwards, so that what the machine does meanwhile hits them alike.</summary>
    public static async Task<Load[][]> InterleaveAsync(int rounds, TimeSpan slice, ChildProcess? origin, params (Func<Task> Request, Func<TimeSpan> Cpu)[] lanes)
    {
        foreach ((Func<Task> request, Func<TimeSpan> cpu) in lanes)
        {
            await WarmUpAsync(request, cpu, slice);
        }

        Load[][] loads = [.. lanes.Select(_ => new Load[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int step = 0; step < lanes.Length; step++)
            {
                int lane = round % 2 == 0 ? step : lanes.Length - 1 - step;
                loads[lane][round] = await RunAsync(lanes[lane].Request, lanes[lane].Cpu, slice, origin);
            }
        }

        return loads;
    }

    // The compiler's second thoughts come late under load: until no slice has been faster than those before for a while.
    private static async Task WarmUpAsync(Func<Task> request, Func<TimeSpan> cpu, TimeSpan slice)
    {
        double best = double.MaxValue;
        for (int run = 0, last = 0; run < MaxWarmUp && run - last < 4; run++)
        {
            double used = (await RunAsync(request, cpu, slice)).Cpu;
            if (used < best * 0.97)
            {
                (best, last) = (used, run);
            }
        }
    }

    /// <summary>The median over the rounds of one lane's figure to another's.</summary>
    public static double Ratio(Load[] ours, Load[] theirs, Func<Load, double> figure) => Median(ours.Zip(theirs, (one, other) => figure(one) / figure(other)));

    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
