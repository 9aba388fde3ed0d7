namespace OutboundInterception;

/// <summary>
/// Waits for a tenant's handler no longer than its dispatch lasts. Other than <see cref="Task{TResult}.WaitAsync(CancellationToken)"/>
/// it lets go of the token before those who wait go on: they end the dispatch, and cancelling a token that somebody still
/// listens to takes a thread of the pool.
/// </summary>
internal sealed class HandlerWait : TaskCompletionSource<HttpResponseMessage>
{
    private readonly Task<HttpResponseMessage> _handler;
    private readonly CancellationTokenRegistration _registration;

    private HandlerWait(Task<HttpResponseMessage> handler, CancellationToken ended)
    {
        _handler = handler;
        _registration = ended.UnsafeRegister(static (state, ended) => ((HandlerWait)state!).TrySetCanceled(ended), this);
    }

    /// <param name="handler">What the handler returned.</param>
    /// <param name="ended">The dispatch's token, which is cancelled on a thread of the pool.</param>
    public static Task<HttpResponseMessage> WaitAsync(Task<HttpResponseMessage> handler, CancellationToken ended)
    {
        HandlerWait wait = new(handler, ended);
        handler.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(wait.OnCompleted);
        return wait.Task;
    }

    private void OnCompleted()
    {
        // Not disposed, which would wait for a cancellation that is under way.
        _registration.Unregister();
        TrySetFromTask(_handler);
    }
}
