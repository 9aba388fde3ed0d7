namespace OutboundInterception;

/// <summary>How long it lasts: the foreground until the response has been sent, then what was given to <c>WaitUntil</c>.</summary>
internal sealed partial class ActiveDispatch
{
    private const byte Running = 0;
    private const byte LeftBehind = 1;
    private const byte HasReturned = 2;

    private readonly CancellationTokenSource _cancellation = new();
    private ShortLock _lock = new();
    private CancellationTokenRegistration _caller;
    private IAbandonable? _wait;
    private DispatchScope? _scope;
    private BackgroundWork? _background;
    private DispatchTrace? _trace;
    private byte _handlerState;
    private bool _foregroundEnded;
    private bool _ended;
    private volatile Stop _stop;

    private enum Stop : byte
    {
        None,
        Deadline,
        Kill,
    }

    public CancellationToken Token => _cancellation.Token;

    /// <summary>Tells the platform's own waits, once the handler has answered, that it is over. No code of the tenant's gets it.</summary>
    public CancellationToken EndToken
    {
        get
        {
            EndSignal? made = null;
            for (IAbandonable? seen = Volatile.Read(ref _wait); ;)
            {
                if (seen is EndSignal signal)
                {
                    return signal.Token;
                }

                made ??= new EndSignal(this);
                IAbandonable? before = Interlocked.CompareExchange(ref _wait, made, seen);
                if (before == seen)
                {
                    // With that fence: either who ends it finds it, or it is seen here that they have looked already.
                    if (_cancellation.IsCancellationRequested)
                    {
                        made.Abandon();
                    }

                    return made.Token;
                }

                seen = before;
            }
        }
    }

    /// <summary>The parent of its subrequests' spans.</summary>
    public System.Diagnostics.Activity? Span => _trace?.Span;

    public bool HasExpired => _stop == Stop.Deadline;

    public bool WasKilled => _stop == Stop.Kill;

    /// <summary>Whether the response has been sent.</summary>
    public bool IsOver => Volatile.Read(ref _foregroundEnded);

    private bool HasBackground => Volatile.Read(ref _background) is { IsPending: true } && !WasKilled;

    private bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>When <see cref="ActiveDispatches"/> ends it.</summary>
    public long Expiry { get; set; }

    /// <summary>Where <see cref="ActiveDispatches"/> keeps it.</summary>
    public int Place { get; set; }

    public void ThrowIfEnded()
    {
        if (HasEnded)
        {
            throw new DispatchEndedException(Tenant);
        }
    }

    /// <exception cref="TaskCanceledException">Its deadline has passed, or the platform has stopped it.</exception>
    public void ThrowIfStopped(CancellationToken callers)
    {
        if (_stop != Stop.None)
        {
            throw Cancelled(null, callers);
        }
    }

    /// <summary>What a caller gets whose work ended with the dispatch.</summary>
    public TaskCanceledException Cancelled(Exception? inner, CancellationToken callers) => HasExpired
        ? new TaskCanceledException(
            $"The dispatch of tenant '{Tenant}' was cancelled because its deadline of {Limits.Deadline.TotalSeconds:0.###} s has passed.",
            new TimeoutException("The dispatch's deadline has passed.", inner),
            _cancellation.Token)
        : new TaskCanceledException(
            WasKilled ? $"The dispatch of tenant '{Tenant}' was stopped by the platform." : null,
            inner,
            callers.IsCancellationRequested ? callers : _cancellation.Token);

    /// <summary>The response has been sent, or there will be none.</summary>
    public void EndForeground()
    {
        // Before that is said: the timer, once it is, takes what is due for the limit of the background work.
        if (!IsOver && HasBackground)
        {
            Expiry = _namespace.Active.After(Limits.WaitUntil);
        }

        if (Interlocked.Exchange(ref _foregroundEnded, true))
        {
            return;
        }

        _caller.Dispose();
        _grant?.Call?.Leave();
        _trace?.End(this);
        Cancel();
        if (!End(isForced: false))
        {
            Expiry = _namespace.Active.After(Limits.WaitUntil);
            CancelSubrequests(static subrequest => subrequest.IsForegroundCall);
            BackgroundIsDone();
        }
    }

    public void BackgroundIsDone()
    {
        if (IsOver && !HasBackground)
        {
            End(isForced: false);
        }
    }

    /// <summary>Something is due at the moment that the timer saw.</summary>
    public void OnDue(long now)
    {
        if (Expiry <= now)
        {
            Expire(now);
        }
        else
        {
            ExpireSends(now);
        }
    }

    /// <summary>Its deadline, or the limit of its background work, has passed.</summary>
    private void Expire(long now)
    {
        if (IsOver)
        {
            // The foreground may have ended just now, and what was due was its deadline.
            if (Expiry <= now)
            {
                End(isForced: true);
            }

            return;
        }

        Interlocked.CompareExchange(ref _stop, Stop.Deadline, Stop.None);
        CancelSubrequests(static subrequest => !subrequest.IsBackground);
        EndForeground();
    }

    public void Kill()
    {
        Interlocked.CompareExchange(ref _stop, Stop.Kill, Stop.None);
        Cancel();
        _background?.Cancel();
        CancelSubrequests(static _ => true);
        EndForeground();
        End(isForced: true);
    }

    /// <summary>Whether the caller may go on reading a body: not what was left un-awaited once the response has been sent.</summary>
    public bool MayRead() => !IsOver || _background is { IsCurrent: true };

    public bool IsBackgroundCall() => _background is { IsCurrent: true };

    private void Cancel()
    {
        Cancellation.Request(_cancellation, this);
        _wait?.Abandon();
    }

    /// <returns>False if there is background work, which was taken under the same lock.</returns>
    private bool End(bool isForced)
    {
        using (_lock.Enter())
        {
            if (_ended)
            {
                return true;
            }

            if (!isForced && HasBackground)
            {
                return false;
            }

            Volatile.Write(ref _ended, true);
        }

        if (isForced)
        {
            _background?.Cancel();
        }

        // No more come, and most dispatches end without one.
        if (!_subrequests.IsEmpty)
        {
            CancelSubrequests(static _ => true);
        }

        _namespace.Active.Remove(this);
        if (Volatile.Read(ref _handlerState) == Running && Interlocked.CompareExchange(ref _handlerState, LeftBehind, Running) == Running)
        {
            _namespace.Active.LeaveBehind();
        }

        if (_scope is not null || _entry.IsCounted)
        {
            // Who stops it stops others too, and must not wait for what a tenant does in Dispose.
            _ = _stop == Stop.None ? _namespace.ReleaseAsync(_entry, _scope) : Task.Run(() => _namespace.ReleaseAsync(_entry, _scope));
        }

        return true;
    }
}
