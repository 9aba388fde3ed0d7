namespace OutboundInterception;

/// <summary>The tenant's code: called, waited for no longer than the dispatch lasts, and what it answered.</summary>
internal sealed partial class ActiveDispatch
{
    public Task<HttpResponseMessage> RunAsync(ITenantHandler handler, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _trace = DispatchTrace.Begin(this);

        // Before others know of it who end it, and with it this.
        _caller = cancellationToken.UnsafeRegister(static state => ((ActiveDispatch)state!).Cancel(), this);
        _namespace.Active.Add(this, Limits.Deadline);
        CallersContext callers = CallersContext.Capture();
        Task<HttpResponseMessage> task;
        try
        {
            task = handler.FetchAsync(request, this, _cancellation.Token)
                ?? throw new InvalidTenantResponseException(Tenant, "returned null instead of a task. FetchAsync must return a response.");
        }
        catch (Exception exception)
        {
            task = Task.FromException<HttpResponseMessage>(exception);
        }
        finally
        {
            // What a tenant sets in it (its culture, its principal) ends with its call, as it does behind an async method.
            callers.Restore();
        }

        return task.IsCompleted
            ? Finish(task, isAbandoned: false, cancellationToken)
            : new HandlerWait(this, task, cancellationToken).Begin(ref _wait, _cancellation);
    }

    /// <summary>What the handler's task comes to, or that it is left behind.</summary>
    public Task<HttpResponseMessage> Finish(Task<HttpResponseMessage> task, bool isAbandoned, CancellationToken callers)
    {
        try
        {
            if (isAbandoned)
            {
                throw new OperationCanceledException(_cancellation.Token);
            }

            HttpResponseMessage answer = Answered(task);
            return ReferenceEquals(answer, task.Result) ? task : Task.FromResult(answer);
        }
        catch (Exception exception)
        {
            // Stopped, whatever it throws is of that: what it waited for was cut off under it.
            bool isCancelled = _stop != Stop.None || (exception is OperationCanceledException && _cancellation.IsCancellationRequested);
            Returned(task);
            _trace?.Fail(exception);
            EndForeground();
            return AnswerWait.ThrowAsync(isCancelled ? Cancelled(exception, callers) : exception);
        }
    }

    /// <summary>Disposes a response that nobody takes: what its content throws is nobody's to hear who ends a dispatch.</summary>
    public void DisposeResponse(HttpResponseMessage? response)
    {
        try
        {
            response?.Dispose();
        }
        catch (Exception exception)
        {
            Log.ResponseDisposeFailed(_namespace.Logger, exception, Namespace, Tenant);
        }
    }

    /// <summary>Disposes one whose content may be a tenant's, without waiting for that.</summary>
    public void DisposeResponseApart(HttpResponseMessage response) => ThreadPool.UnsafeQueueUserWorkItem(
        static disposed => disposed.Dispatch.DisposeResponse(disposed.Response), (Dispatch: this, Response: response), preferLocal: false);

    private HttpResponseMessage Answered(Task<HttpResponseMessage> task)
    {
        Returned(task);
        HttpResponseMessage? response = task.GetAwaiter().GetResult();
        if (_stop != Stop.None)
        {
            // What it waited for was cut off under it, and it made an answer of that before its own end was seen.
            if (response is not null)
            {
                DisposeResponseApart(response);
            }

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
