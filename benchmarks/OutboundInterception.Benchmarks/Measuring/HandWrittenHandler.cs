namespace OutboundInterception.Benchmarks;

/// <summary>
/// The least that is between a tenant and the connections if neither is to have the other's objects, a call is to have a token of
/// its own and to end in a record, and loops are to be counted: written by hand for the one request of these benchmarks, which has no
/// header, no body and no failure. It decides nothing, has no worker, no limit and no deadline, follows no redirect, and holds nobody
/// who is hostile. What the library takes beyond it, it takes for these.
/// </summary>
internal sealed class HandWrittenHandler(HttpMessageHandler inner) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(inner);
    private int _inProgress;
    private HandWrittenRecord? _last;

    public HandWrittenRecord? Last => _last;

    public int InProgress => _inProgress;

    public void Leave(HandWrittenRecord record)
    {
        Interlocked.Decrement(ref _inProgress);
        _last = record;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HandWrittenCall call = new(this, request);
        Interlocked.Increment(ref _inProgress);
        HttpRequestMessage message = new(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        message.Headers.TryAddWithoutValidation("CDN-Loop", "by-hand");
        HttpResponseMessage response;
        using (cancellationToken.UnsafeRegister(static state => ((HandWrittenCall)state!).Cancel(), call))
        {
            response = await _inner.SendAsync(message, call.Token).ConfigureAwait(false);
        }

        call.Status = (int)response.StatusCode;
        HttpResponseMessage safe = new(response.StatusCode)
        {
            Version = response.Version,
            ReasonPhrase = response.ReasonPhrase,
            RequestMessage = request,
            Content = new HandWrittenContent(response, call),
        };
        foreach ((string name, var values) in response.Headers.NonValidated)
        {
            safe.Headers.TryAddWithoutValidation(name, values.ToString());
        }

        return safe;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
