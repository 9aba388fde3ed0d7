using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OutboundInterception;

/// <summary>Disjoint closed ranges of numbers in ascending order, searched without a branch that depends on the data.</summary>
/// <typeparam name="T">An unsigned number, so that the first 16 bits order the ranges.</typeparam>
internal sealed class SortedRanges<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
{
    // Below, the search takes few steps, and 256 KiB for the index would be more than the ranges.
    private const int IndexFrom = 100;
    private const int Buckets = 1 << 16;

    private static readonly int s_shift = (Unsafe.SizeOf<T>() * 8) - 16;

    // With as much behind the last as is compared at once.
    private readonly T[] _starts;
    private readonly T[] _ends;

    // [b] is how many ranges start below bucket b: the candidates for an address in b lie in [b] - 1 up to [b + 1].
    private readonly int[]? _index;

    public SortedRanges(List<(T Start, T End)> ranges)
    {
        ranges.Sort();
        List<(T Start, T End)> merged = new(ranges.Count);
        foreach ((T start, T end) in ranges)
        {
            bool touches = merged.Count > 0
                && (merged[^1].End == T.MaxValue || start <= merged[^1].End + T.One);
            if (touches)
            {
                merged[^1] = (merged[^1].Start, T.Max(merged[^1].End, end));
            }
            else
            {
                merged.Add((start, end));
            }
        }

        _starts = [.. merged.Select(static range => range.Start), .. Enumerable.Repeat(T.MaxValue, AtOnce)];
        _ends = [.. merged.Select(static range => range.End)];
        _index = merged.Count > IndexFrom ? Index(_starts.AsSpan(0, merged.Count)) : null;
    }

    public int Count => _ends.Length;

    // How many of them a vector holds; none of those that no vector does.
    private static int AtOnce => Vector256.IsHardwareAccelerated && Vector256<T>.IsSupported ? Vector256<T>.Count : 0;

    public bool Contains(T value)
    {
        int low = 0;
        int count = _ends.Length;
        if (_index is { } index)
        {
            int bucket = int.CreateTruncating(value >>> s_shift);
            low = Math.Max(index[bucket] - 1, 0);
            count = index[bucket + 1] - low;
        }

        if (count <= 0)
        {
            return false;
        }

        // The last range that starts at or before the value is the only one that can hold it.
        ref T starts = ref MemoryMarshal.GetArrayDataReference(_starts);
        while (count > int.Max(AtOnce, 1))
        {
            int half = count >> 1;

            // A product and not a choice: in a loop the compiler makes a jump of a choice, and half of these would be guessed wrong.
            low += half * Unsafe.BitCast<bool, byte>(Unsafe.Add(ref starts, low + half) <= value);
            count -= half;
        }

        if (AtOnce > 0)
        {
            // All that are left at once.
            uint startBefore = Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref starts, (nuint)low), Vector256.Create(value)).ExtractMostSignificantBits();
            int before = BitOperations.PopCount(startBefore & ((1U << count) - 1));
            return before > 0 && value <= _ends[low + before - 1];
        }

        return (_starts[low] <= value) & (value <= _ends[low]);
    }

    private static int[] Index(ReadOnlySpan<T> starts)
    {
        int[] index = new int[Buckets + 1];
        int next = 0;
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            index[bucket] = next;
            while (next < starts.Length && int.CreateTruncating(starts[next] >>> s_shift) == bucket)
            {
                next++;
            }
        }

        index[Buckets] = next;
        return index;
    }
}
