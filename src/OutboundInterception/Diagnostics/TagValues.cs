using System.Collections.Concurrent;

namespace OutboundInterception;

/// <summary>Bounds how many different values of a tag there are: the first keep their names, the rest share one.</summary>
internal sealed class TagValues(int limit, IEnumerable<string> known)
{
    private readonly ConcurrentDictionary<string, string> _values =
        new(known.Select(static value => KeyValuePair.Create(value, value)), StringComparer.OrdinalIgnoreCase);

    private int _free = limit;

    public string Of(string value)
    {
        if (_values.TryGetValue(value, out string? name))
        {
            return name;
        }

        if (Volatile.Read(ref _free) <= 0)
        {
            return TelemetryOptions.Other;
        }

        // Taken before it is added, so that there are never more; given back if another thread has added it.
        if (Interlocked.Decrement(ref _free) < 0)
        {
            return TelemetryOptions.Other;
        }

        if (_values.TryAdd(value, value))
        {
            return value;
        }

        Interlocked.Increment(ref _free);
        return _values[value];
    }
}
