namespace OutboundInterception;

/// <summary>What it has under way on the outside: counted, listed while it lasts, and ended with it.</summary>
internal sealed partial class ActiveDispatch
{
    private SubrequestList _subrequests;

    /// <summary>The outbound worker of this dispatch, in its service scope.</summary>
    public IOutboundWorker WorkerOf(OutboundWorkerEntry entry)
    {
        DispatchScope? scope;
        using (_lock.Enter())
        {
            scope = _ended ? null : _scope ??= new DispatchScope(_namespace.Services);
        }

        return scope?.WorkerOf(entry) ?? throw new DispatchEndedException(Tenant);
    }

    // Nothing is thrown under the lock: whoever catches it may run code of his own before the lock is let go.
    public void Enter(OutboundCall subrequest)
    {
        bool hasEnded;
        bool isTooLate;
        DispatchLimit? exceeded = null;
        using (_lock.Enter())
        {
            hasEnded = _ended;
            isTooLate = _foregroundEnded && subrequest.IsForegroundCall;
            if (!hasEnded && !isTooLate && (exceeded = Budget.Enter(Limits)) is null)
            {
                _subrequests.Add(subrequest);
                return;
            }
        }

        throw hasEnded ? new DispatchEndedException(Tenant)
            : isTooLate ? Cancelled(null, default)
            : new DispatchLimitException(
                exceeded!.Value, exceeded == DispatchLimit.Subrequests ? Limits.Subrequests : Limits.ConcurrentSubrequests);
    }

    /// <summary>A hop after the first, or another attempt, counts as one more.</summary>
    public void TakeSubrequest()
    {
        bool hasEnded;
        using (_lock.Enter())
        {
            hasEnded = _ended;
            if (!hasEnded && Budget.TryTakeSubrequest(Limits))
            {
                return;
            }
        }

        throw hasEnded ? new DispatchEndedException(Tenant) : new DispatchLimitException(DispatchLimit.Subrequests, Limits.Subrequests);
    }

    public void Leave(OutboundCall subrequest)
    {
        using (_lock.Enter())
        {
            _subrequests.Remove(subrequest);
            Budget.Leave();
        }
    }

    private void CancelSubrequests(Func<OutboundCall, bool> which)
    {
        List<OutboundCall> found;
        using (_lock.Enter())
        {
            if (_subrequests.IsEmpty)
            {
                return;
            }

            found = _subrequests.Find(which);
        }

        // Outside of the lock: a cancelled subrequest leaves at once.
        found.ForEach(static subrequest => subrequest.Abort());
    }
}
