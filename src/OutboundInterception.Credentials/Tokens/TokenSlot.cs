namespace OutboundInterception;

/// <summary>
/// The token of one tenant for one resource. However many ask at once, one request to the token endpoint is under way, and no
/// caller's cancellation ends it for the others.
/// </summary>
internal sealed class TokenSlot(TokenClient client, TimeProvider time)
{
    private readonly Lock _sync = new();
    private AccessToken? _token;
    private IssuedCredential? _rejected;
    private Task<IssuedCredential>? _pending;
    private long? _lastRejection;

    /// <summary>Whether there is nothing in it worth keeping.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_sync)
            {
                return _pending is null && !HasToken;
            }
        }
    }

    private bool HasToken => _token is { } token && time.GetUtcNow() < token.RefreshAt && !ReferenceEquals(token.Credential, _rejected);

    /// <param name="options">Whose token.</param>
    /// <param name="rejected">The one that the origin did not accept: it comes again if it was refreshed for that a moment ago.</param>
    /// <param name="cancellationToken">Ends this caller's waiting.</param>
    public ValueTask<IssuedCredential> GetAsync(
        ClientCredentialsOptions options, IssuedCredential? rejected, CancellationToken cancellationToken)
    {
        Task<IssuedCredential> pending;
        lock (_sync)
        {
            if (rejected is not null)
            {
                Reject(rejected, options.RejectionInterval);
            }

            if (HasToken)
            {
                return new(_token!.Credential);
            }

            pending = _pending ??= Start(options);
        }

        return new(pending.WaitAsync(cancellationToken));
    }

    /// <summary>Has the next caller ask for a new token.</summary>
    public void Reject(ClientCredentialsOptions options, IssuedCredential rejected)
    {
        lock (_sync)
        {
            Reject(rejected, options.RejectionInterval);
        }
    }

    private void Reject(IssuedCredential rejected, TimeSpan interval)
    {
        // Another caller has seen to it already, or has a moment ago for the one before.
        if (!ReferenceEquals(_token?.Credential, rejected) || ReferenceEquals(_rejected, rejected)
            || (_lastRejection is { } last && time.GetElapsedTime(last) < interval))
        {
            return;
        }

        _rejected = rejected;
        _lastRejection = time.GetTimestamp();
    }

    private Task<IssuedCredential> Start(ClientCredentialsOptions options)
    {
        // On a thread of its own, without what flows with the tenant's call, and outside of the lock.
        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        Task<IssuedCredential> started = Task.Run(() => RequestAsync(options));

        // Those who waited may all have gone: then nobody is left to be told.
        _ = started.ContinueWith(
            static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return started;
    }

    private async Task<IssuedCredential> RequestAsync(ClientCredentialsOptions options)
    {
        AccessToken? token = null;
        try
        {
            token = await client.RequestAsync(options).ConfigureAwait(false);
            return token.Credential;
        }
        finally
        {
            lock (_sync)
            {
                _pending = null;
                _token = token;
                _rejected = null;
            }
        }
    }
}
