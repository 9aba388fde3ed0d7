namespace OutboundInterception;

/// <summary>Its way out: how long it may wait for headers, and what has to hold before it is sent again.</summary>
internal sealed partial class Subrequest
{
    private long _sendDue = long.MaxValue;
    private long _decidedVersion;
    private volatile bool _isLate;

    /// <summary>When what it sends should have been answered.</summary>
    public long SendDue => Volatile.Read(ref _sendDue);

    /// <summary>Called before each attempt.</summary>
    /// <param name="message">What is sent.</param>
    /// <param name="attempt">0 for the first, from 1 for retries.</param>
    /// <exception cref="HttpRequestException">A retry is not allowed any more.</exception>
    public void BeginAttempt(EgressRequest message, int attempt)
    {
        if (attempt > 0)
        {
            _dispatch.ThrowIfEnded();
            _dispatch.Budget.TakeSubrequest(_dispatch.Limits);
            if (_decidedVersion != _dispatch.Home.Policy.Current.Version)
            {
                Decide(message, message.RequestUri!, OutboundUri.Canonicalize(message.RequestUri!.IdnHost));
            }

            _trace.Retries++;
        }

        _trace.WasSent = true;
    }

    /// <summary>Whether another attempt would be the same as the last one, harmless, and still of use.</summary>
    public bool CanSendAgain(EgressRequest message, TimeSpan delay) =>
        !IsWebSocket
        && OriginFailure.IsIdempotent(message.Method)
        && message.Content is null or TenantBody { CanBeSentAgain: true } or ByteArrayContent or ReadOnlyMemoryContent
        && BodyFailure is null
        && _dispatch.Budget.Subrequests < _dispatch.Limits.Subrequests
        && _dispatch.Home.Active.After(delay) < long.Min(SendDue, _dispatch.Expiry);

    /// <summary>Its time is up. If it still waits for headers, it ends as a whole, the outbound workers included.</summary>
    public void ExpireSend(long due)
    {
        bool isCurrent = Interlocked.CompareExchange(ref _sendDue, long.MaxValue, due) == due;
        if (isCurrent && _lastSend is not { IsCompleted: true })
        {
            _isLate = true;
            Abort();
        }
    }

    private Task<HttpResponseMessage> SendOutAsync(EgressRequest message, CancellationToken cancellationToken)
    {
        EgressPipeline egress = _chain.Egress;
        message.Tenant = Tenant;
        _lastSend = null;
        if (egress.OverallTimeout != Timeout.InfiniteTimeSpan)
        {
            // A full fence before the dispatch's own is read: either it is seen here that it has to be lowered, or the
            // timer's walk sees this one.
            long due = _dispatch.Home.Active.After(egress.OverallTimeout);
            Interlocked.Exchange(ref _sendDue, due);
            _dispatch.ExpectSend(due);
        }

        Task<HttpResponseMessage> sent = egress.SendAsync(message, this, cancellationToken);
        _lastSend = sent;
        return sent;
    }

    private HttpRequestException LateHeaders() => EgressPipeline.LateHeaders(
        _trace.Host ?? string.Empty, nameof(ResilienceOptions.TotalTimeout), _chain.Egress.OverallTimeout);
}
