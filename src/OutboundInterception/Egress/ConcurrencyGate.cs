namespace OutboundInterception;

/// <summary>Lets so many in at once, and so many more wait.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "Nobody asks the semaphore for its wait handle: nothing to dispose.")]
internal sealed class ConcurrencyGate(ConcurrencyOptions options)
{
    private readonly SemaphoreSlim _free = new(options.Limit);
    private readonly int _queue = options.Queue;
    private int _waiting;

    /// <returns>False if too many wait already. Otherwise the caller calls <see cref="Exit"/>.</returns>
    public ValueTask<bool> EnterAsync(CancellationToken cancellationToken) =>
        _free.Wait(0, CancellationToken.None) ? new ValueTask<bool>(true) : WaitAsync(cancellationToken);

    public void Exit() => _free.Release();

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > _queue)
            {
                return false;
            }

            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
