namespace OutboundInterception;

/// <summary>Its way out: how long it may wait for headers, and what has to hold before it is sent again.</summary>
internal sealed partial class Subrequest
{
    private long _sendDue = long.MaxValue;
    private long _totalDue = long.MaxValue;
    private AttemptCancellation? _attempt;
    private long _decidedVersion;
    private volatile bool _isLate;
    private List<CancellationTokenSource>? _links;

    public override long SendDue => Volatile.Read(ref _sendDue);

    /// <summary>Called before each attempt.</summary>
    /// <param name="message">What is sent.</param>
    /// <param name="attempt">0 for the first, from 1 for retries.</param>
    /// <exception cref="HttpRequestException">A retry is not allowed any more.</exception>
    public void BeginAttempt(EgressRequest message, int attempt)
    {
        if (attempt > 0)
        {
            // A worker may have left its send behind: what came after the record would be in none.
            if (HasLeft && (IsBackground || !Owner.IsBackgroundCall()))
            {
                throw Owner.Cancelled(null, default);
            }

            Owner.TakeSubrequest();
            if (_decidedVersion != Owner.Home.Policy.Current.Version)
            {
                Uri decided = IsTrusted(message.RequestUri!) ? _decidedUri! : message.RequestUri!;
                Decide(message, decided, OutboundUri.Canonicalize(decided.IdnHost));
            }

            _trace.Retries++;
        }

        _trace.WasSent = true;
    }

    /// <summary>Whether another attempt would be the same as the last one, harmless, and still of use.</summary>
    public bool CanSendAgain(EgressRequest message, TimeSpan delay) =>
        !IsWebSocket
        && OriginFailure.IsIdempotent(message.Method)
        && message.Content is null or TenantBody { CanBeSentAgain: true } or WorkerBody { CanBeSentAgain: true }
        && BodyFailure is null
        && Owner.Budget.Subrequests < Owner.Limits.Subrequests
        && Owner.Home.Active.After(delay) < long.Min(_totalDue, Owner.Expiry);

    /// <summary>Makes what ends an attempt: with the subrequest, with the token, or when it takes too long.</summary>
    public AttemptCancellation WatchAttempt(CancellationToken cancellationToken, out CancellationTokenRegistration link)
    {
        TimeSpan timeout = Chain.Egress.Options.AttemptTimeout;
        link = default;
        AttemptCancellation? last = _attempt;
        if (cancellationToken == Token && last is null or { HasEnded: true })
        {
            AttemptCancellation attempt = new();
            if (Interlocked.CompareExchange(ref _attempt, attempt, last) == last)
            {
                Expect(long.Min(_totalDue, Owner.Home.Active.After(timeout)));
                if (IsCancellationRequested)
                {
                    attempt.Cancel();
                }

                return attempt;
            }
        }

        // A worker that sends several at once, or with a token of its own.
        AttemptCancellation other = new(timeout, Owner.Home.Time);
        link = cancellationToken.UnsafeRegister(static state => ((AttemptCancellation)state!).Cancel(), other);
        return other;
    }

    public void EndAttempt(AttemptCancellation attempt)
    {
        attempt.HasEnded = true;
        if (ReferenceEquals(attempt, _attempt))
        {
            Interlocked.Exchange(ref _sendDue, _totalDue);
        }
        else
        {
            attempt.Dispose();
        }
    }

    /// <summary>
    /// Its time is up. If it still waits for headers, the attempt ends, or when it is all that it may take, it ends as a
    /// whole, the outbound workers included.
    /// </summary>
    public override void ExpireSend(long due)
    {
        // First: of what begins once it is no longer due, this is not the end.
        AttemptCancellation? attempt = Volatile.Read(ref _attempt);
        long total = _totalDue;
        bool isTotal = due >= total;
        if (Interlocked.CompareExchange(ref _sendDue, isTotal ? long.MaxValue : total, due) != due || _lastSend is { IsCompleted: true })
        {
            return;
        }

        if (isTotal)
        {
            _isLate = true;
            Abort();
        }
        else if (attempt is { HasEnded: false })
        {
            Owner.ExpectSend(total);
            Cancellation.Request(attempt, Owner);
        }
    }

    private Task<HttpResponseMessage> SendOutAsync(EgressRequest message, CancellationToken cancellationToken)
    {
        EgressPipeline egress = Chain.Egress;
        message.Tenant = Tenant;
        _lastSend = null;

        // Whether there is time for another attempt is asked on the way, and a body may hold the send up before it waits.
        bool expectsFirst = egress.Pipelines is not null || message.Content is not null;
        if (expectsFirst)
        {
            ExpectTotal(egress);
        }
        else if (SendDue != long.MaxValue)
        {
            // Of a send before this one.
            Interlocked.Exchange(ref _sendDue, long.MaxValue);
        }

        Task<HttpResponseMessage> sent = egress.SendAsync(message, this, cancellationToken);
        _lastSend = sent;
        if (!expectsFirst && !sent.IsCompleted)
        {
            ExpectTotal(egress);
        }

        return sent;
    }

    private void ExpectTotal(EgressPipeline egress)
    {
        _totalDue = Owner.Home.Active.After(egress.OverallTimeout);
        Expect(_totalDue);
    }

    /// <summary>A worker sends only while its hop goes on: what came after it would be in no record.</summary>
    private void ThrowIfOver(int hop)
    {
        Token.ThrowIfCancellationRequested();
        if (HasLeft || hop != _trace.Hop)
        {
            throw new InvalidOperationException(
                "What the outbound worker sends for is over and recorded. Send while the tenant waits; what goes on after that goes through a client of the platform's own.");
        }
    }

    /// <summary>What a worker sends with a token of its own ends with the subrequest all the same.</summary>
    private CancellationToken Link(CancellationToken workers)
    {
        CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(workers, Token);
        CancellationToken token = both.Token;
        lock (this)
        {
            (_links ??= []).Add(both);
        }

        // With the fence of whoever sets it: either that one sees the link, or this sees that it is over.
        Interlocked.MemoryBarrier();
        if (HasLeft)
        {
            Unlink();
            throw Owner.Cancelled(null, default);
        }

        return token;
    }

    private void Unlink()
    {
        List<CancellationTokenSource>? links;
        lock (this)
        {
            links = _links;
            _links = null;
        }

        // Cancelled before it is let go: the cancellation of the subrequest runs on another thread, and may come later.
        links?.ForEach(EndLink);
    }

    private void EndLink(CancellationTokenSource link)
    {
        try
        {
            link.Cancel();
        }
        catch (Exception exception)
        {
            // A callback of a handler of the host's.
            Log.CallbackFailed(Owner.Home.Logger, exception, Namespace, Tenant);
        }

        link.Dispose();
    }

    private void Expect(long due)
    {
        if (due != long.MaxValue)
        {
            // A full fence before the dispatch's own is read: either it is seen here that it has to be lowered, or the
            // timer's walk sees this one.
            Interlocked.Exchange(ref _sendDue, due);
            Owner.ExpectSend(due);
        }
    }

    private HttpRequestException LateHeaders() => EgressPipeline.LateHeaders(
        _trace.Host ?? string.Empty, nameof(ResilienceOptions.TotalTimeout), Chain.Egress.OverallTimeout);
}
