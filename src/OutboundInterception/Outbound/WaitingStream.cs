namespace OutboundInterception;

/// <summary>
/// A stream that keeps the read which it waits for: an object for each would come to megabytes for a long body. Not in a
/// pool, because a tenant may keep what it awaited, and look at it again when it is another's.
/// </summary>
internal abstract class WaitingStream : ReadOnlyStream
{
    private PendingRead? _pending;

    /// <summary>
    /// Whether what is beneath has not got the reader's token, so that a read that is waited for has to be interrupted. A source linked to
    /// both tokens would be made for each read, also for those that need not wait.
    /// </summary>
    public virtual bool HasToInterrupt(CancellationToken callers) => false;

    /// <summary>Ends the read that goes on.</summary>
    public virtual void Interrupt()
    {
    }

    /// <summary>Ends a read, with what it tells the reader.</summary>
    /// <param name="count">What was read.</param>
    /// <param name="failure">Or why nothing was.</param>
    /// <param name="wanted">How much was asked for.</param>
    /// <param name="callers">The reader's token.</param>
    public int Conclude(int count, Exception? failure, int wanted, CancellationToken callers)
    {
        try
        {
            if (failure is null)
            {
                try
                {
                    return Finish(count, wanted);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            }

            throw Fail(failure, callers);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Fails as an async method does: with what says so, the task is cancelled.</summary>
    protected static async ValueTask<int> ThrowAsync(Exception exception) => await Task.FromException<int>(exception).ConfigureAwait(false);

    /// <summary>Looks at what was read, which may be too much.</summary>
    protected abstract int Finish(int count, int wanted);

    /// <summary>What a failed read tells the reader.</summary>
    protected virtual Exception Fail(Exception exception, CancellationToken callers) => exception;

    /// <summary>Called after each read that was begun, before the reader goes on.</summary>
    protected virtual void End()
    {
    }

    /// <summary>Goes on with a read that was begun.</summary>
    protected ValueTask<int> FinishAsync(ValueTask<int> read, int wanted, CancellationToken callers)
    {
        int count;
        try
        {
            if (!read.IsCompletedSuccessfully)
            {
                return !read.IsCompleted && (_pending ??= new PendingRead(this)).TryFinish(read, wanted, callers, out ValueTask<int> finished)
                    ? finished
                    : FinishApartAsync(read, wanted, callers);
            }

            count = read.Result;
        }
        catch (Exception exception)
        {
            // A source of somebody's own.
            return FinishApartAsync(ValueTask.FromException<int>(exception), wanted, callers);
        }

        // What is there already, as most of a short body is.
        try
        {
            return new ValueTask<int>(Conclude(count, null, wanted, callers));
        }
        catch (Exception exception)
        {
            return ThrowAsync(exception);
        }
    }

    // What has failed already; and the read of a reader that has not looked at what the last one brought.
    private async ValueTask<int> FinishApartAsync(ValueTask<int> read, int wanted, CancellationToken callers)
    {
        int count = 0;
        Exception? failure = null;
        try
        {
            using CancellationTokenRegistration watch = !read.IsCompleted && HasToInterrupt(callers)
                ? callers.UnsafeRegister(static stream => ((WaitingStream)stream!).Interrupt(), this)
                : default;
            count = await read.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return Conclude(count, failure, wanted, callers);
    }
}
