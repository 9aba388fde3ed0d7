namespace OutboundInterception;

#pragma warning disable RS0030 // AsyncLocal tells background work from what was left un-awaited, and nothing else: who a dispatch is, is never read from it.

/// <summary>What a dispatch gave to WaitUntil. Made when there is any.</summary>
internal sealed class BackgroundWork(ActiveDispatch dispatch) : IDisposable
{
    private static readonly AsyncLocal<BackgroundWork?> s_current = new();

    private readonly ActiveDispatch _dispatch = dispatch;
    private readonly CancellationTokenSource _cancellation = new();
    private int _pending;

    public CancellationToken Token => _cancellation.Token;

    public bool IsPending => Volatile.Read(ref _pending) > 0;

    /// <summary>Whether the caller runs inside this dispatch's background work.</summary>
    public bool IsCurrent => s_current.Value == this;

    /// <summary>Called under the dispatch's lock: from here on it lasts until the work that is started next is done.</summary>
    public void Expect() => Interlocked.Increment(ref _pending);

    public void Start(Func<CancellationToken, Task> work) => _ = RunAsync(work);

    public void Cancel() => Cancellation.Request(_cancellation, _dispatch);

    public void Dispose() => _cancellation.Dispose();

    private async Task RunAsync(Func<CancellationToken, Task> work)
    {
        // Set inside an async method, it ends with it and does not reach the caller.
        s_current.Value = this;
        try
        {
            await work(_cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Nobody awaits background work: the log is where its failure goes.
            Log.BackgroundWorkFailed(_dispatch.Home.Logger, exception, _dispatch.Namespace, _dispatch.Tenant, _dispatch.Id, _cancellation.IsCancellationRequested);
        }

        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _dispatch.BackgroundIsDone();
        }
    }
}
