namespace OutboundInterception;

/// <summary>Waits for a tenant's handler no longer than its dispatch lasts.</summary>
internal sealed class HandlerWait(ActiveDispatch dispatch, Task<HttpResponseMessage> handler, CancellationToken callers) : AnswerWait(handler)
{
    // A tenant that ignores its token is left behind.
    protected override void Settle(Task<HttpResponseMessage>? answered) => SetFrom(dispatch.Finish(Awaited, isAbandoned: answered is null, callers));

    protected override void ComeLate(Task<HttpResponseMessage> answered)
    {
        if (answered.IsCompletedSuccessfully)
        {
            dispatch.DisposeResponse(answered.Result);
        }
    }
}
