using System.Runtime.CompilerServices;

namespace OutboundInterception;

/// <summary>
/// Keeps the last records in memory: to look at, to follow, and to try policies on. A reader never holds up a request, and
/// one that is too slow misses the oldest records and is told how many. Thread-safe.
/// </summary>
public sealed class SubrequestRing : IOutboundObserver
{
    /// <summary>How many records are kept unless something else is said: 5,000.</summary>
    public const int DefaultCapacity = 5000;

    private readonly SubrequestRecord?[] _records;
    private readonly Lock _sync = new();
    private long _count;
    private long _first;
    private TaskCompletionSource? _arrival;

    /// <param name="capacity">How many records are kept, 1 to 1,000,000.</param>
    /// <param name="detail">What is measured for them.</param>
    public SubrequestRing(int capacity = DefaultCapacity, RecordDetail detail = RecordDetail.Phases)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1_000_000);
        _records = new SubrequestRecord?[capacity];
        Detail = detail;
    }

    /// <inheritdoc/>
    public RecordDetail Detail { get; }

    /// <summary>How many records it keeps.</summary>
    public int Capacity => _records.Length;

    /// <summary>How many records it has ever had; the place after the last of them.</summary>
    public long Count
    {
        get
        {
            lock (_sync)
            {
                return _count;
            }
        }
    }

    /// <inheritdoc/>
    public void SubrequestCompleted(SubrequestRecord record)
    {
        TaskCompletionSource? arrival;
        lock (_sync)
        {
            _records[_count++ % _records.Length] = record;
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.SetResult();
    }

    /// <summary>The records that it has now, the oldest first.</summary>
    public IReadOnlyList<SubrequestRecord> Snapshot() => Read(0).Records;

    /// <summary>Reads on from a place.</summary>
    /// <param name="from">The <see cref="SubrequestRingPage.Next"/> of the page before, or 0 for all that there is.</param>
    /// <param name="atMost">How many records are wanted at most; at least 1.</param>
    public SubrequestRingPage Read(long from, int atMost = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(atMost, 1);
        lock (_sync)
        {
            return ReadCore(from, atMost);
        }
    }

    /// <summary>Waits until there are records behind a place, and reads them.</summary>
    /// <inheritdoc cref="Read"/>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public async Task<SubrequestRingPage> ReadAsync(long from, int atMost = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(atMost, 1);
        while (true)
        {
            Task arrival;
            lock (_sync)
            {
                if (_count > from)
                {
                    return ReadCore(from, atMost);
                }

                // One for all that wait. Whoever is woken reads on a thread of its own, never on the request's.
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Follows the records as they come, page after page, until it is cancelled.</summary>
    /// <param name="from">0 to begin with what there is, <see cref="Count"/> to begin with what comes.</param>
    /// <param name="atMost">How many records a page has at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<SubrequestRingPage> FollowAsync(
        long from = 0, int atMost = int.MaxValue, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            SubrequestRingPage page = await ReadAsync(from, atMost, cancellationToken).ConfigureAwait(false);
            from = page.Next;
            yield return page;
        }
    }

    /// <summary>Forgets the records, which nobody counts as missed. Places stay valid.</summary>
    public void Clear()
    {
        lock (_sync)
        {
            Array.Clear(_records);
            _first = _count;
        }
    }

    private SubrequestRingPage ReadCore(long from, int atMost)
    {
        // Whoever comes from before a Clear has missed nothing that is of interest.
        long begin = long.Max(from, _first);
        long oldest = long.Max(_count - _records.Length, _first);
        long start = long.Max(begin, oldest);
        int length = (int)long.Clamp(_count - start, 0, atMost);
        SubrequestRecord[] records = new SubrequestRecord[length];
        for (int index = 0; index < length; index++)
        {
            records[index] = _records[(start + index) % _records.Length]!;
        }

        return new SubrequestRingPage(records, long.Max(start + length, from), from == 0 ? 0 : start - begin);
    }
}
