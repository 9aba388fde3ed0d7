using System.Collections.Concurrent;

namespace OutboundInterception;

/// <summary>The tokens of all tenants. Those that have run out are forgotten as others are asked for.</summary>
internal sealed class TokenCache(TokenClient client, TimeProvider time)
{
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<TokenKey, TokenSlot> _slots = new();
    private long _lastSweep = time.GetTimestamp();

    public int Count => _slots.Count;

    public TokenSlot Get(in TokenKey key)
    {
        if (_slots.TryGetValue(key, out TokenSlot? known))
        {
            return known;
        }

        Sweep();
        return _slots.GetOrAdd(key, new TokenSlot(client, time));
    }

    private void Sweep()
    {
        long last = Volatile.Read(ref _lastSweep);
        if (time.GetElapsedTime(last) < s_sweepInterval || Interlocked.CompareExchange(ref _lastSweep, time.GetTimestamp(), last) != last)
        {
            return;
        }

        foreach ((TokenKey key, TokenSlot slot) in _slots)
        {
            if (slot.IsIdle)
            {
                _slots.TryRemove(KeyValuePair.Create(key, slot));
            }
        }
    }
}
