namespace OutboundInterception;

/// <summary>
/// Waits for what somebody else's code answers, no longer than somebody wants to: that one calls <see cref="Abandon"/>. A token
/// to listen to would be two objects more each time, and cancelling one that is listened to takes a thread of the pool.
/// </summary>
internal abstract class AnswerWait(Task<HttpResponseMessage> awaited) : TaskCompletionSource<HttpResponseMessage>, IAbandonable, IThreadPoolWorkItem
{
    // What goes on afterwards goes on in the context in which it began, as behind an await: another's code completes the task.
    private ExecutionContext? _context = ExecutionContext.Capture();
    private int _isSettled;
    private bool _isAbandoned;

    protected Task<HttpResponseMessage> Awaited => awaited;

    /// <summary>Fails as an async method does: with what says so, the task is cancelled.</summary>
    public static async Task<HttpResponseMessage> ThrowAsync(Exception exception) =>
        await System.Threading.Tasks.Task.FromException<HttpResponseMessage>(exception).ConfigureAwait(false);

    /// <summary>Begins to wait.</summary>
    /// <param name="place">Where those look for it who abandon it.</param>
    /// <param name="end">What they cancel before they look.</param>
    public Task<HttpResponseMessage> Begin(ref IAbandonable? place, CancellationTokenSource end)
    {
        // A full fence: either they find it, or it is seen here that they have looked already.
        Interlocked.Exchange(ref place, this);
        if (end.IsCancellationRequested)
        {
            Abandon();
        }

        if (awaited.IsCompleted)
        {
            OnCompleted();
        }
        else
        {
            awaited.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnCompleted);
        }

        return Task;
    }

    /// <summary>Ends the wait. Who waits goes on on another thread.</summary>
    public void Abandon()
    {
        if (TrySettle())
        {
            _isAbandoned = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => SettleInContext();

    /// <summary>Completes the task.</summary>
    /// <param name="answered">What is completed, or <see langword="null"/> if nobody waits for it any more.</param>
    protected abstract void Settle(Task<HttpResponseMessage>? answered);

    /// <summary>It is completed when nobody waits for it any more.</summary>
    protected virtual void ComeLate(Task<HttpResponseMessage> answered)
    {
    }

    protected void SetFrom(Task<HttpResponseMessage> told)
    {
        if (told.IsCompleted)
        {
            TrySetFromTask(told);
        }
        else
        {
            SetLater(told);
        }
    }

    // Apart: what the lambda holds would be made in each case.
    private void SetLater(Task<HttpResponseMessage> told) =>
        told.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => TrySetFromTask(told));

    private bool TrySettle() => Volatile.Read(ref _isSettled) == 0 && Interlocked.Exchange(ref _isSettled, 1) == 0;

    private void OnCompleted()
    {
        if (TrySettle())
        {
            SettleInContext();
        }
        else
        {
            // Looked at, which keeps it from being reported as one that nobody has seen.
            _ = awaited.Exception;
            ComeLate(awaited);
        }
    }

    private void SettleInContext()
    {
        // Let go: whoever keeps the dispatch would keep it too.
        ExecutionContext? context = _context;
        _context = null;
        if (context is null)
        {
            SettleNow();
        }
        else
        {
            ExecutionContext.Run(context, static state => ((AnswerWait)state!).SettleNow(), this);
        }
    }

    private void SettleNow()
    {
        try
        {
            Settle(_isAbandoned ? null : awaited);
        }
        catch (Exception exception)
        {
            // Who waits gets it. Thrown from here it would end the process.
            TrySetException(exception);
        }
    }
}
