namespace OutboundInterception;

/// <summary>Waits for what the outbound workers return for a subrequest's first hop, no longer than that lasts.</summary>
internal sealed class SubrequestWait(
    Subrequest subrequest, TenantRequest tenant, Task<HttpResponseMessage> passed, HttpRequestMessage original, CancellationToken callers)
    : AnswerWait(passed)
{
    // Copied on, and changed by the one that follows a redirect alone.
    private readonly TenantRequest _tenant = tenant;

    // As long as it is waited for: reading the body has a token of its own, as with any HttpClient.
    private readonly CancellationTokenRegistration _caller = callers.UnsafeRegister(static state => ((Subrequest)state!).Abort(), subrequest);

    protected override void Settle(Task<HttpResponseMessage>? answered)
    {
        try
        {
            if (answered is not null && subrequest.TryReturn(answered, original) is { } response)
            {
                _caller.Dispose();
                TrySetResult(response);
                return;
            }
        }
        catch (Exception exception)
        {
            answered = System.Threading.Tasks.Task.FromException<HttpResponseMessage>(exception);
        }

        SetFrom(FollowAsync(answered ?? System.Threading.Tasks.Task.FromCanceled<HttpResponseMessage>(subrequest.Token)));
    }

    // From a worker that ignores its token.
    protected override void ComeLate(Task<HttpResponseMessage> answered)
    {
        if (answered.IsCompletedSuccessfully)
        {
            subrequest.DisposeResponse(answered.Result);
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(Task<HttpResponseMessage> answered)
    {
        try
        {
            return await subrequest.FollowAsync(_tenant, answered, original, callers).ConfigureAwait(false);
        }
        finally
        {
            await _caller.DisposeAsync().ConfigureAwait(false);
        }
    }
}
