using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OutboundInterception.Benchmarks;

/// <summary>What it takes to make something large, and what that keeps.</summary>
internal static class Retained
{
    // Not inlined: what one call made must be garbage in the next.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static (double Seconds, long Bytes) Measure(Func<object> make)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        object made = make();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(made);
        return (seconds, bytes);
    }
}
