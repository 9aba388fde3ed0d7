using System.Numerics;

namespace OutboundInterception;

/// <summary>
/// The dispatches of a namespace that are in progress. One timer for all of them, running only while there are any, ends
/// those whose time has passed: a timer for each would cost more than the dispatch.
/// </summary>
internal sealed partial class ActiveDispatches : IDisposable
{
    /// <summary>How much later than its time a dispatch may be ended.</summary>
    public static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(50);

    // A dispatch's place is its index in a stripe, and in these bits the stripe's own.
    private const int StripeBits = 7;
    private const int MaxStripes = 1 << StripeBits;

    // By the thread: some more than can run at once, so that two that do seldom share one.
    private const int StripesPerProcessor = 4;

    // How far the coarse clock may be behind: Windows moves it on 64 times a second, Linux 100 to 1,000 times.
    private const int ClockStep = 16;

    private readonly TimeProvider _time;
    private readonly bool _isSystemTime;
    private readonly ITimer _timer;
    private readonly Stripe[] _stripes;
    private readonly Lock _ticking = new();
    private int _leftBehind;
    private bool _isTicking;
    private TaskCompletionSource? _empty;

    public ActiveDispatches(TimeProvider time)
    {
        _time = time;
        _isSystemTime = ReferenceEquals(time, TimeProvider.System);
        _timer = time.CreateTimer(static state => ((ActiveDispatches)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stripes = new Stripe[int.Min((int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount * StripesPerProcessor), MaxStripes)];
        for (int index = 0; index < _stripes.Length; index++)
        {
            _stripes[index] = new Stripe(index);
        }
    }

    public int Count
    {
        get
        {
            int count = 0;
            foreach (Stripe stripe in _stripes)
            {
                count += stripe.Count;
            }

            return count;
        }
    }

    /// <summary>How many have ended while their tenant's code still runs.</summary>
    public int LeftBehind => Volatile.Read(ref _leftBehind);

    // In milliseconds. The system's coarse clock where time is the system's: the precise one takes a quarter of the time that
    // a dispatch may take, to end it with a timer of 50 ms.
    private long Now => _isSystemTime ? Environment.TickCount64 : (long)(_time.GetTimestamp() * (1000.0 / _time.TimestampFrequency));

    public void LeaveBehind() => Interlocked.Increment(ref _leftBehind);

    /// <summary>One of those has come back after all.</summary>
    public void ComeBack() => Interlocked.Decrement(ref _leftBehind);

    /// <summary>When a wait that begins now is over, for <see cref="ActiveDispatch.Expiry"/>. Never early.</summary>
    public long After(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan
        ? long.MaxValue
        : Now + (_isSystemTime ? ClockStep : 0) + (long)Math.Ceiling(wait.TotalMilliseconds);

    public void Add(ActiveDispatch dispatch, TimeSpan deadline)
    {
        dispatch.Expiry = After(deadline);
        _stripes[Environment.CurrentManagedThreadId & (_stripes.Length - 1)].Add(dispatch);

        // After the count, in this order; the fence is where the timer stops, which is seldom: see Tick.
        if (!Volatile.Read(ref _isTicking))
        {
            StartTicking();
        }
    }

    public void Remove(ActiveDispatch dispatch)
    {
        _stripes[dispatch.Place & (MaxStripes - 1)].Remove(dispatch);

        // After the count, in this order; the fence is where somebody begins to wait: see DrainAsync.
        if (Volatile.Read(ref _empty) is { } empty)
        {
            // Between two that are removed last: one of them sees that both are gone.
            Interlocked.MemoryBarrier();
            if (Count == 0)
            {
                empty.TrySetResult();
            }
        }
    }

    public IReadOnlyList<DispatchStatus> Describe() => [.. Snapshot().Select(static dispatch => dispatch.Describe())];

    public void Kill(string tenant)
    {
        foreach (ActiveDispatch dispatch in Snapshot())
        {
            if (dispatch.Tenant == tenant)
            {
                dispatch.Kill();
            }
        }
    }

    /// <summary>Waits until there are none, and when that takes too long, ends the rest.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> DrainAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        TaskCompletionSource empty = Interlocked.CompareExchange(ref _empty, new(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? _empty!;

        // Also for those that are just being removed: either they see who waits, or they are counted out here.
        Interlocked.MemoryBarrierProcessWide();
        if (Count == 0)
        {
            return 0;
        }

        try
        {
            await empty.Task.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
            return 0;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            List<ActiveDispatch> rest = Snapshot();
            rest.ForEach(static dispatch => dispatch.Kill());
            return rest.Count;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void StartTicking()
    {
        lock (_ticking)
        {
            if (!_isTicking)
            {
                Volatile.Write(ref _isTicking, true);
                _timer.Change(Resolution, Resolution);
            }
        }
    }

    private void Tick()
    {
        long now = Now;
        if (Count == 0)
        {
            lock (_ticking)
            {
                Volatile.Write(ref _isTicking, false);
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            // Also for those that are just being added: either they see that the timer has stopped, or they are counted here.
            Interlocked.MemoryBarrierProcessWide();
            if (Count != 0)
            {
                StartTicking();
            }

            return;
        }

        foreach (ActiveDispatch dispatch in Snapshot(now))
        {
            // Not on the timer's own thread: what a tenant does when it is cancelled must not delay the others.
            ThreadPool.UnsafeQueueUserWorkItem(static due => due.dispatch.OnDue(due.now), (dispatch, now), preferLocal: false);
        }
    }

    private List<ActiveDispatch> Snapshot(long dueAt = long.MaxValue)
    {
        List<ActiveDispatch> found = [];
        foreach (Stripe stripe in _stripes)
        {
            stripe.Find(dueAt, found);
        }

        return found;
    }
}
