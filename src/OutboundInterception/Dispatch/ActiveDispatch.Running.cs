namespace OutboundInterception;

/// <summary>The tenant's code: called, waited for no longer than the dispatch lasts, and what it answered.</summary>
internal sealed partial class ActiveDispatch
{
    public Task<HttpResponseMessage> RunAsync(ITenantHandler handler, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _trace = DispatchTrace.Begin(this);
        _namespace.Active.Add(this, Limits.Deadline);
        _caller = cancellationToken.UnsafeRegister(static state => ((ActiveDispatch)state!).Cancel(), this);
        ExecutionContext? callers = ExecutionContext.Capture();
        Task<HttpResponseMessage> task;
        try
        {
            task = handler.FetchAsync(request, this, _cancellation.Token)
                ?? throw new InvalidTenantResponseException(Tenant, "returned null instead of a task. FetchAsync must return a response.");
            if (callers is not null && task.IsCompletedSuccessfully)
            {
                // The response is changed in place: its own task says all that another would.
                Answered(task);
                return task;
            }
        }
        catch (Exception exception)
        {
            task = Task.FromException<HttpResponseMessage>(exception);
        }
        finally
        {
            // What a tenant sets in it (its culture, its principal) ends with its call, as it does behind an async method.
            if (callers is not null && callers != ExecutionContext.Capture())
            {
                ExecutionContext.Restore(callers);
            }
        }

        return FinishAsync(task, cancellationToken);
    }

    private async Task<HttpResponseMessage> FinishAsync(Task<HttpResponseMessage> task, CancellationToken cancellationToken)
    {
        try
        {
            // A tenant that ignores its token is left behind, not waited for.
            _ = task.IsCompleted
                ? await task.ConfigureAwait(false)
                : await HandlerWait.WaitAsync(task, _cancellation.Token).ConfigureAwait(false);
            return Answered(task);
        }
        catch (OperationCanceledException exception) when (_cancellation.IsCancellationRequested)
        {
            Returned(task);
            _trace?.Fail(exception);
            EndForeground();
            throw Cancelled(exception, cancellationToken);
        }
        catch (Exception exception)
        {
            Returned(task);
            _trace?.Fail(exception);
            EndForeground();
            throw;
        }
    }

    private HttpResponseMessage Answered(Task<HttpResponseMessage> task)
    {
        Returned(task);
        HttpResponseMessage? response = task.Result;
        if (_expired || _killed)
        {
            // What it waited for was cut off under it, and it made an answer of that before its own end was seen.
            response?.Dispose();
            throw Cancelled(null, default);
        }

        _trace?.Answer(response?.StatusCode ?? default);
        return DispatchContent.Attach(response, this);
    }

    /// <summary>The tenant's code has come to its end, or is left behind on its way there.</summary>
    private void Returned(Task? task)
    {
        if (task is { IsCompleted: false })
        {
            task.ContinueWith(
                static (_, state) => ((ActiveDispatch)state!).Returned(null), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        else if (Interlocked.Exchange(ref _handlerState, HasReturned) == LeftBehind)
        {
            _namespace.Active.ComeBack();
        }
    }
}
