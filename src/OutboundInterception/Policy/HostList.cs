namespace OutboundInterception;

/// <summary>
/// What <see cref="HostTrie"/> does, for the few patterns that most namespaces and nearly all tenants have: compared one by
/// one, they take less time than hashing the labels of the host, and no table.
/// </summary>
internal sealed class HostList
{
    // Where the trie overtakes a loop.
    public const int MaxCount = 16;

    private readonly Entry[] _entries;

    public HostList(IEnumerable<(string Name, bool Below, int Value)> patterns)
        => _entries = [.. patterns.Select(static pattern => new Entry(pattern)).OrderByDescending(static entry => entry.Labels)];

    /// <inheritdoc cref="HostTrie.Find"/>
    public int Find(ReadOnlySpan<char> host, ref int depth)
    {
        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            bool matches = entry.Below
                ? host.Length > entry.Text.Length && host.EndsWith(entry.Text, StringComparison.Ordinal)
                : host.SequenceEqual(entry.Text);
            if (matches && entry.Labels < depth)
            {
                depth = entry.Labels;
                return entry.Value;
            }
        }

        return -1;
    }

    private readonly struct Entry((string Name, bool Below, int Value) pattern)
    {
        // With the dot before it where it stands for what lies below.
        public string Text { get; } = pattern.Below ? "." + pattern.Name : pattern.Name;

        public bool Below { get; } = pattern.Below;

        public int Value { get; } = pattern.Value;

        public int Labels { get; } = pattern.Name.AsSpan().Count('.') + 1;
    }
}
