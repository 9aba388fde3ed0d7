namespace OutboundInterception.Benchmarks;

/// <summary>Answers nobody before a number of requests wait, and then all of them.</summary>
internal sealed class GateHandler(int count) : DelegatingHandler
{
    private TaskCompletionSource _open = new();
    private int _waiting;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (++_waiting == count)
        {
            TaskCompletionSource open = _open;
            (_open, _waiting) = (new TaskCompletionSource(), 0);
            open.SetResult();
        }
        else
        {
            await _open.Task;
        }

        return new HttpResponseMessage();
    }
}
