namespace OutboundInterception;

/// <summary>
/// A dispatch that a tenant asks for, as its own dispatch sees it: it takes a subrequest and a place of the tenant's, and ends
/// with it. Else a fetcher that is kept would go on beyond the end, and dispatches would nest deeper than they may.
/// </summary>
internal sealed class NestedCall(ActiveDispatch dispatch) : OutboundCall(dispatch)
{
    private CancellationTokenSource? _both;
    private HttpResponseMessage? _response;
    private int _left;

    public async Task<HttpResponseMessage> FetchAsync(TenantStub stub, HttpRequestMessage request, CancellationToken callers)
    {
        Owner.Enter(this);
        try
        {
            CancellationToken token = Token;
            if (callers.CanBeCanceled)
            {
                _both = CancellationTokenSource.CreateLinkedTokenSource(callers, token);
                token = _both.Token;
            }

            HttpResponseMessage response = await stub.DispatchAsync(request, this, token).ConfigureAwait(false);

            // A full fence: either who cancels finds the response, or it is seen here that they have looked already.
            Interlocked.Exchange(ref _response, response);
            IsOpen = true;
            if (IsCancellationRequested)
            {
                Owner.DisposeResponseApart(response);
                throw Owner.Cancelled(null, callers);
            }

            return response;
        }
        catch
        {
            Leave();
            throw;
        }
    }

    /// <summary>The nested dispatch has answered, and its answer has been read; or it has failed.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            Owner.Leave(this);
            _both?.Dispose();
        }
    }

    public override void Abort()
    {
        Cancellation.Request(this, Owner);
        if (_response is { } response)
        {
            // Unread, or being read: it ends with that.
            Owner.DisposeResponseApart(response);
        }
    }

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, int position, int hop, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A nested dispatch sends nothing by itself.");

    public override Task<Stream> ConnectAsync(OutboundConnect connect, int position, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A nested dispatch connects to nothing by itself.");
}
