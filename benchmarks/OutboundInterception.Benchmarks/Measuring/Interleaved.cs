using System.Diagnostics;

namespace OutboundInterception.Benchmarks;

/// <summary>
/// Times candidates in one process in alternating slices of some milliseconds, so that what the machine does meanwhile hits
/// them alike.
/// </summary>
internal static class Interleaved
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(5);

    // For the compiler's second thoughts, which wait until nothing new has been called for 100 ms.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    /// <param name="candidates">What is timed.</param>
    /// <param name="time">How long, the warm-up apart, which takes half as long for each candidate.</param>
    public static async Task<Timing[]> MeasureAsync(TimeSpan time, params Candidate[] candidates)
    {
        TimeSpan warmUp = time / 2;
        int[] runs = new int[candidates.Length];
        for (int index = 0; index < candidates.Length; index++)
        {
            await WarmUpAsync(candidates[index], warmUp / 2);
            await Task.Delay(s_pause);
            runs[index] = await WarmUpAsync(candidates[index], warmUp / 2);
        }

        Timing[] best = [.. candidates.Select(static _ => new Timing(double.MaxValue, double.MaxValue))];
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        for (int round = 0; round < 3 || Stopwatch.GetTimestamp() < end; round++)
        {
            for (int step = 0; step < candidates.Length; step++)
            {
                // Forwards and backwards: who comes first is nobody's privilege.
                int index = round % 2 == 0 ? step : candidates.Length - 1 - step;
                Timing slice = await TimeAsync(candidates[index], runs[index]);
                best[index] = new Timing(double.Min(best[index].Nanoseconds, slice.Nanoseconds), double.Min(best[index].Bytes, slice.Bytes));
            }
        }

        return best;
    }

    /// <returns>How many runs make a slice.</returns>
    private static async Task<int> WarmUpAsync(Candidate candidate, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan fastest = TimeSpan.MaxValue;

        // 60: a method is compiled anew for speed after 30 calls.
        for (int run = 0; run < 60 || Stopwatch.GetElapsedTime(start) < time; run++)
        {
            long before = Stopwatch.GetTimestamp();
            await candidate.Run();
            TimeSpan taken = Stopwatch.GetElapsedTime(before);
            fastest = taken < fastest ? taken : fastest;
            if (run >= 3 && Stopwatch.GetElapsedTime(start) > time * 2)
            {
                break;
            }
        }

        return int.Max(1, (int)(s_slice / fastest));
    }

    private static async Task<Timing> TimeAsync(Candidate candidate, int runs)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        for (int run = 0; run < runs; run++)
        {
            await candidate.Run();
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        double operations = (double)runs * candidate.Operations;
        return new Timing(taken.TotalNanoseconds / operations, bytes / operations);
    }
}
