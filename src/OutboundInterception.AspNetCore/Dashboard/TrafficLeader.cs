namespace OutboundInterception;

/// <summary>How much one tenant or host had, by slots of ten seconds. Not thread-safe.</summary>
internal sealed class TrafficLeader
{
    /// <summary>The length of a slot.</summary>
    public const int SlotSeconds = 10;

    private readonly int[] _counts = new int[TrafficObserver.Seconds / SlotSeconds];
    private readonly int[] _blocked = new int[TrafficObserver.Seconds / SlotSeconds];

    /// <summary>The slot of the last one, counted from the epoch.</summary>
    public long LastSlot { get; private set; }

    public void Add(long slot, bool isBlocked)
    {
        if (slot < LastSlot)
        {
            // Came late, after one of a later slot.
            slot = LastSlot;
        }

        if (slot - LastSlot >= _counts.Length)
        {
            Array.Clear(_counts);
            Array.Clear(_blocked);
        }
        else
        {
            for (long skipped = LastSlot + 1; skipped <= slot; skipped++)
            {
                _counts[skipped % _counts.Length] = _blocked[skipped % _counts.Length] = 0;
            }
        }

        LastSlot = slot;
        _counts[slot % _counts.Length]++;
        _blocked[slot % _counts.Length] += isBlocked ? 1 : 0;
    }

    /// <summary>The last slots up to one, the oldest first.</summary>
    public (int[] Counts, int Blocked) Read(long upTo, int slots)
    {
        int[] counts = new int[slots];
        int blocked = 0;
        for (int index = 0; index < slots; index++)
        {
            long slot = upTo - slots + 1 + index;
            if (slot >= 0 && slot <= LastSlot && LastSlot - slot < _counts.Length)
            {
                counts[index] = _counts[slot % _counts.Length];
                blocked += _blocked[slot % _counts.Length];
            }
        }

        return (counts, blocked);
    }
}
