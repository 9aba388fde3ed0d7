using System.Text;

namespace OutboundInterception;

/// <summary>Packs patterns into a <see cref="HostTrie"/>.</summary>
internal sealed class HostTrieBuilder
{
    private readonly ulong[] _slots;
    private readonly ulong _seed;
    private byte[] _texts;
    private int _length;

    private HostTrieBuilder(int nodes, int textBytes, ulong seed)
    {
        // Three slots for two nodes: with four for three, two bytes a rule less, the runs of linear probing are long enough that
        // all unknown names below one top-level domain, which begin at one slot, may take several times as long.
        _slots = new ulong[checked((int)Math.Max(4, (nodes * 3L / 2) + 1))];
        _texts = new byte[textBytes];
        _seed = seed;
    }

    /// <param name="patterns">
    /// Each name or suffix (without <c>*.</c>), whether it stands for what lies below it, and its number from 0 on. No pair of
    /// name and kind twice.
    /// </param>
    /// <param name="seed">
    /// Random in production, so that nobody who may add a rule or choose a host can aim at one run of slots.
    /// </param>
    public static HostTrie Build(IReadOnlyCollection<(string Name, bool Below, int Value)> patterns, ulong seed)
    {
        int textBytes = patterns.Sum(static pattern => pattern.Name.Length + 4);

        // Two nodes with the same 29 bits in one run could be taken for one another, and a rule be missed. That happens once
        // in some two hundred builds of a million rules; then another seed is tried.
        for (ulong attempt = seed; ; attempt++)
        {
            HostTrieBuilder builder = new(CountNodes(patterns, attempt), textBytes, attempt);
            if (patterns.All(builder.TryAdd))
            {
                return new HostTrie(builder._slots, builder._texts[..builder._length], attempt);
            }
        }
    }

    private static int CountNodes(IReadOnlyCollection<(string Name, bool Below, int Value)> patterns, ulong seed)
    {
        // Most names add a node, some one for what they lie below as well.
        HashSet<ulong> hashes = new(patterns.Count + (patterns.Count / 2));
        foreach ((string name, _, _) in patterns)
        {
            ulong hash = seed;
            for (int end = name.Length; end > 0;)
            {
                int dot = name.AsSpan(0, end).LastIndexOf('.');
                hash = HostTrie.Hash(hash, name.AsSpan((dot + 1)..end));
                hashes.Add(hash);
                end = dot;
            }
        }

        return hashes.Count;
    }

    private bool TryAdd((string Name, bool Below, int Value) pattern)
    {
        string name = pattern.Name;
        int offset = _length;
        Reserve(name.Length + 12);
        Encoding.ASCII.GetBytes(name, _texts.AsSpan(offset));
        _texts[offset + name.Length] = 0;
        _length += name.Length + 1;

        ulong hash = _seed;
        for (int end = name.Length; ;)
        {
            int dot = name.AsSpan(0, end).LastIndexOf('.');
            hash = HostTrie.Hash(hash, name.AsSpan((dot + 1)..end));
            if (!TryFind(hash, name.AsSpan(dot + 1), out int at))
            {
                return false;
            }

            if (dot < 0)
            {
                return Complete(at, hash, offset, pattern);
            }

            if (_slots[at] == 0)
            {
                _slots[at] = HostTrie.Tag(hash) | (uint)(offset + dot + 1);
            }

            _slots[at] |= HostTrie.HasChildren;
            end = dot;
        }
    }

    // The slot of this node or the empty one where it goes; false if another node stands in the way with the same tag.
    private bool TryFind(ulong hash, ReadOnlySpan<char> suffix, out int at)
    {
        ulong tag = HostTrie.Tag(hash);
        for (at = HostTrie.Home(hash, _slots.Length); _slots[at] != 0; at = at + 1 == _slots.Length ? 0 : at + 1)
        {
            if (HostTrie.SameTag(_slots[at], tag))
            {
                ReadOnlySpan<byte> text = _texts.AsSpan((int)_slots[at]);
                return text.Length > suffix.Length && text[suffix.Length] == 0 && Ascii.Equals(text[..suffix.Length], suffix);
            }
        }

        return true;
    }

    private bool Complete(int at, ulong hash, int offset, (string Name, bool Below, int Value) pattern)
    {
        ulong slot = _slots[at];
        int exact = 0;
        int below = 0;
        if ((slot & (HostTrie.Exact | HostTrie.Below)) != 0)
        {
            // Both the name and what lies below it: a new entry with both numbers, the old one is left behind.
            ReadOnlySpan<byte> values = _texts.AsSpan((int)slot + pattern.Name.Length + 1);
            exact = HostTrie.ReadValue(values, exact: true) + 1;
            below = HostTrie.ReadValue(values, exact: false) + 1;
        }

        WriteVariable(pattern.Below ? exact : pattern.Value + 1);
        WriteVariable(pattern.Below ? pattern.Value + 1 : below);
        _slots[at] = HostTrie.Tag(hash)
            | (slot & (HostTrie.HasChildren | HostTrie.Exact | HostTrie.Below))
            | (pattern.Below ? HostTrie.Below : HostTrie.Exact)
            | (uint)offset;
        return true;
    }

    private void WriteVariable(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _texts[_length++] = (byte)(value | 0x80);
        }

        _texts[_length++] = (byte)value;
    }

    private void Reserve(int bytes)
    {
        if (_texts.Length - _length < bytes)
        {
            Array.Resize(ref _texts, checked(_length + bytes + (_length / 2)));
        }
    }
}
