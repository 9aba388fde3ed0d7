namespace OutboundInterception;

/// <summary>Waits for what the outbound workers return for a hop, no longer than the subrequest lasts.</summary>
internal class HopWait(Subrequest subrequest, Task<HttpResponseMessage> passed) : AnswerWait(passed)
{
    protected Subrequest Subrequest => subrequest;

    protected override void Settle(Task<HttpResponseMessage>? answered) => SetFrom(answered ?? Cancelled());

    // From a worker that ignores its token.
    protected override void ComeLate(Task<HttpResponseMessage> answered)
    {
        if (answered.IsCompletedSuccessfully)
        {
            subrequest.DisposeResponse(answered.Result);
        }
    }

    protected Task<HttpResponseMessage> Cancelled() => System.Threading.Tasks.Task.FromCanceled<HttpResponseMessage>(subrequest.Token);
}
