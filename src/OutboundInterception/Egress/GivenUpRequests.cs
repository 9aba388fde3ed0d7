using System.Runtime.InteropServices;

namespace OutboundInterception;

/// <summary>
/// Which tenants give up so many HTTP/2 requests that they get connections which the others do not use. A server that takes that for
/// an attack (rapid reset, CVE-2023-44487) ends the connection, and with it whatever else is under way on it.
/// Thread-safe; whether a tenant is apart is asked without a lock.
/// </summary>
internal sealed class GivenUpRequests(TimeProvider time)
{
    /// <summary>In a <see cref="Window"/>. Servers take 100 requests at once on a connection as a rule, and more than those in resets.</summary>
    public const int Most = 50;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>For how long, from when there were too many in a window.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _windowStart = time.GetTimestamp();

    // Since when. Replaced as a whole; null until there is one, which is nearly always.
    private volatile Dictionary<string, long>? _apart;

    public bool IsApart(string tenant) => _apart is { } apart && apart.TryGetValue(tenant, out long since) && time.GetElapsedTime(since) < Apart;

    /// <returns>Whether it is apart from now on.</returns>
    public bool Add(string tenant)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_windowStart) >= Window)
            {
                _counts = new Dictionary<string, int>(StringComparer.Ordinal);
                _windowStart = time.GetTimestamp();
            }

            ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, tenant, out _);
            if (++count != Most)
            {
                return false;
            }

            IEnumerable<KeyValuePair<string, long>> others = _apart?.Where(other => other.Key != tenant && time.GetElapsedTime(other.Value) < Apart) ?? [];
            _apart = new Dictionary<string, long>(others, StringComparer.Ordinal) { [tenant] = time.GetTimestamp() };
            return true;
        }
    }
}
