namespace OutboundInterception;

/// <summary>Waits for a subrequest's first hop, and goes on with what came back: nearly always it is the answer.</summary>
internal sealed class SubrequestWait(
    Subrequest subrequest, TenantRequest tenant, Task<HttpResponseMessage> passed, HttpRequestMessage original, CancellationToken callers)
    : HopWait(subrequest, passed)
{
    // Copied on, and changed by the one that follows a redirect alone.
    private readonly TenantRequest _tenant = tenant;

    // As long as it is waited for: reading the body has a token of its own, as with any HttpClient.
    private readonly CancellationTokenRegistration _caller = callers.UnsafeRegister(static state => ((Subrequest)state!).Abort(), subrequest);

    protected override void Settle(Task<HttpResponseMessage>? answered)
    {
        try
        {
            if (answered is not null && Subrequest.TryReturn(answered, original) is { } response)
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

        SetFrom(FollowAsync(answered ?? Cancelled()));
    }

    private async Task<HttpResponseMessage> FollowAsync(Task<HttpResponseMessage> answered)
    {
        try
        {
            return await Subrequest.FollowAsync(_tenant, answered, original, callers).ConfigureAwait(false);
        }
        finally
        {
            await _caller.DisposeAsync().ConfigureAwait(false);
        }
    }
}
