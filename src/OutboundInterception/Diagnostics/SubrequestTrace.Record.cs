namespace OutboundInterception;

/// <summary>Its end: the record that is made of it, and who is told.</summary>
internal partial struct SubrequestTrace
{
    private const int MaxMethod = 32;

    /// <summary>It is over: from here on it is recorded.</summary>
    public void End(ActiveDispatch dispatch, long responseBytes = 0)
    {
        if (_isOpen)
        {
            _isOpen = false;
            if (_isWatched)
            {
                Tell(dispatch, ToRecord(dispatch, responseBytes));
            }
        }
    }

    private readonly void Tell(ActiveDispatch dispatch, SubrequestRecord record)
    {
        NamespaceTelemetry telemetry = dispatch.Home.Telemetry;
        try
        {
            if (telemetry.MeasuresSubrequests)
            {
                telemetry.Measure(record);
            }

            if (Span is { } span)
            {
                Spans.EndSubrequest(span, record);
            }
        }
        catch (Exception exception)
        {
            Log.ListenerFailed(dispatch.Home.Logger, exception, dispatch.Namespace);
        }

        dispatch.Home.Outbound.Observe(record);
    }

    private readonly SubrequestRecord ToRecord(ActiveDispatch dispatch, long responseBytes)
    {
        OutboundChain chain = dispatch.Home.Outbound;
        long end = dispatch.Home.Time.GetTimestamp();
        TimeSpan duration = dispatch.Home.Time.GetElapsedTime(_start, end);
        Uri? uri = _uri is { IsAbsoluteUri: true } ? _uri : null;
        string host = RecordRedactor.Host(Host ?? uri?.Host.Trim('[', ']') ?? string.Empty);
        SubrequestDecision decision = Decision ?? (WasSent ? SubrequestDecision.Sent : _status != 0 ? SubrequestDecision.Answered : SubrequestDecision.Rejected);
        string method = _method!.Method;
        return new SubrequestRecord
        {
            Time = dispatch.Home.Clock.ToUtc(_start),
            Namespace = dispatch.Namespace,
            Tenant = dispatch.Tenant,
            DispatchNumber = dispatch.IdNumber,
            Number = Number,
            Hop = Hop,
            Method = method.Length <= MaxMethod ? method : method[..MaxMethod],
            Scheme = uri is null ? string.Empty : Scheme(uri.Scheme),
            Host = host,
            Port = uri?.Port ?? -1,
            Path = uri is null ? string.Empty : chain.Redactor.Path(uri, host),
            Decision = decision,
            RuleId = RuleId,
            Mode = _isJudged ? (PolicyMode)_mode : null,
            WouldBlock = _wouldBlock,
            Status = _status == 0 ? null : _status,
            Failure = _details?.ExceptionType is null ? null : Failure(dispatch, decision),
            RequestBytes = RequestBytes,
            ResponseBytes = responseBytes,
            Duration = duration,
            Retries = Retries,
            ProtocolVersion = WasSent ? ProtocolVersions.FromByte(_version) : null,
            TraceId = _activity?.TraceId.ToHexString(),
            Details = ToDetails(chain, decision, duration, end),
        };
    }

    private readonly RecordDetails? ToDetails(OutboundChain chain, SubrequestDecision decision, TimeSpan duration, long end)
    {
        string? worker = Worker(chain, decision);
        return worker is null && _details is null && !_hasOwnSpan ? null : new RecordDetails
        {
            Reason = Reason,
            Worker = worker,
            ExceptionType = _details?.ExceptionType,
            Phases = (chain.Detail & RecordDetail.Phases) == 0 ? null : Probe?.ToPhases(duration, end),
            Address = Probe?.Address,
            SpanId = Span?.SpanId.ToHexString(),
            RequestHeaders = Probe?.RequestHeaders,
            ResponseHeaders = Probe?.ResponseHeaders,
        };
    }

    private readonly string Scheme(string scheme) => (_isWebSocket, scheme) switch
    {
        (true, "https") => "wss",
        (true, "http") => "ws",
        _ => scheme,
    };

    private readonly string? Worker(OutboundChain chain, SubrequestDecision decision) => _worker < 0 ? null
        : decision == SubrequestDecision.Answered ? chain.Workers[_worker].Name
        : _workerDecided || decision == SubrequestDecision.Failed ? chain.Workers[Decider()].Name
        : null;

    // What one throws comes out through those before it: the last that failed is where it began. One that failed at once has
    // left no task. If none did, the first has made something of its own of what it got.
    private readonly int Decider()
    {
        if (_details?.Calls is not { } calls)
        {
            return _worker;
        }

        int position = _worker;
        while (position > 0 && calls[position] is not (null or { IsFaulted: true } or { IsCanceled: true }))
        {
            position--;
        }

        return position;
    }

    private readonly FailureKind Failure(ActiveDispatch dispatch, SubrequestDecision decision) =>
        decision == SubrequestDecision.Failed ? FailureKind.Worker
        : _details!.Failure != FailureKind.Cancelled ? _details.Failure
        : dispatch.HasExpired ? FailureKind.Deadline
        : dispatch.WasKilled ? FailureKind.Killed
        : FailureKind.Cancelled;
}
