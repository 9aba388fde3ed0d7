using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace OutboundInterception;

/// <summary>
/// Host names and <c>*.suffix</c> patterns, each with a number, packed so that a million take some 30 bytes each.
/// Immutable; a look-up allocates nothing.
/// </summary>
/// <remarks>
/// A trie over labels from the top-level domain down, without nodes: a node is one slot of eight bytes in one hash table,
/// found by the hash of the labels so far. The walk stops at the first unknown label, so most misses cost one or two
/// slots. A slot holds 29 bits of the hash and no text; the text is compared once, before the answer is "yes". The build
/// sees to it that no two nodes that could be mistaken for one another exist (see <see cref="HostTrieBuilder"/>), so that
/// a known name is always found.
/// </remarks>
internal sealed class HostTrie
{
    public const ulong HasChildren = 1UL << 32;
    public const ulong Exact = 1UL << 33;
    public const ulong Below = 1UL << 34;

    public const int TagShift = 35;

    private const int Chunk = 4;

    // As long as a number has bits: nearly all names are.
    private const int MaxShort = 64;

    private readonly ulong[] _slots;
    private readonly byte[] _texts;
    private readonly ulong _seed;

    internal HostTrie(ulong[] slots, byte[] texts, ulong seed)
    {
        _slots = slots;
        _texts = texts;
        _seed = seed;
    }

    /// <summary>What the trie retains, to the byte but for the object headers.</summary>
    public long Bytes => ((long)_slots.Length * sizeof(ulong)) + _texts.Length;

    /// <summary>
    /// The number of the most specific pattern of fewer labels than <paramref name="depth"/> that matches, or -1.
    /// Called again with the depth it gave, it goes on to the next less specific one.
    /// </summary>
    /// <param name="host">A canonical name: lower case, ASCII, no trailing dot, no address.</param>
    /// <param name="depth">Start with <see cref="int.MaxValue"/>; set to the labels of the pattern that was found.</param>
    public int Find(ReadOnlySpan<char> host, ref int depth)
    {
        while (Walk(host, depth, out int at, out int start, out bool exact) is int found and > 0)
        {
            depth = found;
            ReadOnlySpan<char> suffix = host[start..];
            ReadOnlySpan<byte> entry = _texts.AsSpan(at);
            if (entry.Length > suffix.Length && entry[suffix.Length] == 0 && IsSame(entry, suffix))
            {
                return ReadValue(entry[(suffix.Length + 1)..], exact);
            }
        }

        return -1;
    }

    internal static ulong Hash(ulong hash, ReadOnlySpan<char> label)
    {
        // Odd constants of xxHash64. Each step can be undone, so labels of the same length differ unless a chunk folds away.
        int length = label.Length;
        hash ^= (ulong)length * 0x9E3779B185EBCA87;
        if (length >= Chunk)
        {
            // The last chunk overlaps the one before: a loop over the rest would be guessed wrong with every other label.
            for (int at = 0; at < length - Chunk; at += Chunk)
            {
                hash = Step(hash, Read(label, at));
            }

            return Step(hash, Read(label, length - Chunk));
        }

        return length == 0 ? hash : Step(hash, ((ulong)label[0] << 32) | ((ulong)label[length >> 1] << 16) | label[length - 1]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static ulong Read(ReadOnlySpan<char> label, int at) => MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(label.Slice(at, Chunk)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static ulong Step(ulong hash, ulong chunk)
        {
            hash = (hash ^ chunk) * 0xC2B2AE3D27D4EB4F;
            return hash ^ (hash >> 32);
        }
    }

    internal static int Home(ulong hash, int capacity) => (int)(((hash >> 32) * (ulong)capacity) >> 32);

    // 29 bits of the half that does not say where home is.
    internal static ulong Tag(ulong hash) => hash << TagShift;

    internal static bool SameTag(ulong slot, ulong tag) => ((slot ^ tag) >> TagShift) == 0;

    internal static int ReadValue(ReadOnlySpan<byte> values, bool exact)
    {
        int first = ReadVariable(ref values);
        return exact ? first - 1 : ReadVariable(ref values) - 1;

        static int ReadVariable(ref ReadOnlySpan<byte> bytes)
        {
            int value = 0;
            for (int i = 0; ; i++)
            {
                value |= (bytes[i] & 0x7F) << (7 * i);
                if (bytes[i] < 0x80)
                {
                    bytes = bytes[(i + 1)..];
                    return value;
                }
            }
        }
    }

    // As Ascii.Equals, whose way to a short text is longer than the text.
    private static bool IsSame(ReadOnlySpan<byte> text, ReadOnlySpan<char> suffix)
    {
        int last = suffix.Length - Vector128<ushort>.Count;
        if (last < 0)
        {
            return Ascii.Equals(text[..suffix.Length], suffix);
        }

        ref ushort characters = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(suffix));
        Vector128<ushort> differences = Difference(text, ref characters, last);
        for (int at = 0; at < last; at += Vector128<ushort>.Count)
        {
            differences |= Difference(text, ref characters, at);
        }

        return differences == Vector128<ushort>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<ushort> Difference(ReadOnlySpan<byte> text, ref ushort characters, int at) =>
            Vector128.WidenLower(Vector128.CreateScalarUnsafe(MemoryMarshal.Read<ulong>(text.Slice(at, sizeof(ulong)))).AsByte())
            ^ Vector128.LoadUnsafe(ref characters, (nuint)at);
    }

    // The labels of the deepest candidate below the limit, 0 if there is none.
    private int Walk(ReadOnlySpan<char> host, int limit, out int at, out int start, out bool exact)
    {
        ulong[] slots = _slots;
        ulong hash = _seed;
        int found = 0;
        int end = host.Length;
        bool isShort = end <= MaxShort;
        ulong dots = isShort ? Dots(host) : 0;
        at = start = 0;
        exact = false;
        for (int labels = 1; labels < limit; labels++)
        {
            int dot = isShort ? 63 - BitOperations.LeadingZeroCount(dots) : host[..end].LastIndexOf('.');
            dots &= ~(1UL << dot);
            hash = Hash(hash, host[(dot + 1)..end]);
            ulong slot = Probe(slots, hash);
            bool whole = dot < 0;
            if ((slot & (whole ? Exact : Below)) != 0)
            {
                found = labels;
                at = (int)slot;
                start = dot + 1;
                exact = whole;
            }

            if (whole || (slot & HasChildren) == 0)
            {
                break;
            }

            end = dot;
        }

        return found;
    }

    // A bit for each.
    private static ulong Dots(ReadOnlySpan<char> host)
    {
        ulong dots = 0;
        int last = host.Length - Vector128<ushort>.Count;
        if (last < 0)
        {
            for (int at = 0; at < host.Length; at++)
            {
                dots |= (host[at] == '.' ? 1UL : 0) << at;
            }

            return dots;
        }

        ref ushort first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(host));
        Vector128<ushort> dot = Vector128.Create((ushort)'.');
        for (int at = 0; at < last; at += Vector128<ushort>.Count)
        {
            dots |= (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)at), dot).ExtractMostSignificantBits() << at;
        }

        return dots | ((ulong)Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)last), dot).ExtractMostSignificantBits() << last);
    }

    private static ulong Probe(ulong[] slots, ulong hash)
    {
        ulong tag = Tag(hash);
        for (int i = Home(hash, slots.Length); ; i = i + 1 == slots.Length ? 0 : i + 1)
        {
            ulong slot = slots[i];
            if (slot == 0 || SameTag(slot, tag))
            {
                return slot;
            }
        }
    }
}
