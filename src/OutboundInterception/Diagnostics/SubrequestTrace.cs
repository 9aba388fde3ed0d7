using System.Diagnostics;

namespace OutboundInterception;

/// <summary>
/// What a record is made of, gathered on the way. Mutable: a field of the subrequest, never copied. Small on purpose: what few
/// subrequests have is in <see cref="TraceDetails"/>.
/// </summary>
internal struct SubrequestTrace
{
    private const int MaxMethod = 32;
    private const short NoWorker = -1;

    private HttpMethod? _method;
    private Uri? _uri;
    private Activity? _activity;
    private TraceDetails? _details;
    private long _start;
    private short _status;
    private short _worker;
    private byte _version;
    private byte _mode;
    private byte _decision;
    private bool _isWebSocket;
    private bool _isOpen;
    private bool _isWatched;
    private bool _isJudged;
    private bool _wouldBlock;
    private bool _workerDecided;
    private bool _hasOwnSpan;

    public byte Hop;
    public int Number;
    public int Retries;
    public string? Host;
    public string? RuleId;
    public bool WasSent;
    public long RequestBytes;

    public SubrequestDecision? Decision
    {
        readonly get => _decision == 0 ? null : (SubrequestDecision)(_decision - 1);
        set => _decision = value is { } decision ? (byte)(decision + 1) : (byte)0;
    }

    public readonly string? Reason => _details?.Reason;

    private readonly SubrequestProbe? Probe => _details?.Probe;

    private readonly Activity? Span => _hasOwnSpan ? _activity : null;

    /// <summary>What went wrong with the tenant's own body.</summary>
    public Exception? BodyFailure
    {
        readonly get => _details?.BodyFailure;
        set => Details.BodyFailure = value;
    }

    // A body may fail on one thread while the answer comes on another.
    private TraceDetails Details => _details ?? Interlocked.CompareExchange(ref _details, new TraceDetails(), null) ?? _details;

    /// <summary>A hop begins: of a subrequest's first, everything is empty yet.</summary>
    public void Begin(ActiveDispatch dispatch, HttpMethod method, Uri? uri, bool isWebSocket)
    {
        _method = method;
        _uri = uri;
        _isWebSocket = isWebSocket;
        _isOpen = true;
        _worker = NoWorker;
        Number = dispatch.Budget.Subrequests + 1;
        OutboundChain chain = dispatch.Home.Outbound;
        Activity? span = Spans.StartSubrequest(dispatch, method, uri);
        _hasOwnSpan = span is not null;
        _activity = span;
        _isWatched = chain.IsObserved || _hasOwnSpan || dispatch.Home.Telemetry.MeasuresSubrequests;
        if (_isWatched)
        {
            _start = dispatch.Home.Time.GetTimestamp();
            _activity ??= Activity.Current;
            if (chain.Detail != RecordDetail.None)
            {
                Details.Probe = new SubrequestProbe(dispatch.Home.Time);
            }
        }
    }

    /// <summary>The policy has decided.</summary>
    public void Judge(in PolicyDecision decision)
    {
        _isJudged = true;
        _mode = (byte)decision.Mode;
        RuleId = decision.RuleId;
        if (!decision.Allowed)
        {
            Block(decision.RuleId, decision.Reason);
        }
        else if (decision.WouldBlock)
        {
            _wouldBlock = true;
            Details.Reason = decision.Reason;
        }
    }

    public void Block(string? ruleId, string? reason)
    {
        Decision = SubrequestDecision.Blocked;
        RuleId = ruleId;
        Details.Reason = reason;
    }

    /// <summary>It ends with a refusal: the policy's, if that has blocked it, or else of an outbound worker's own.</summary>
    public void Refuse()
    {
        if (Decision is not SubrequestDecision.Blocked)
        {
            _workerDecided = true;
            Block(null, "an outbound worker refused it");
        }
    }

    /// <summary>An outbound worker gets it.</summary>
    public void Enter(int position, OutboundChain chain)
    {
        _worker = short.Max(_worker, (short)position);
        if (_isWatched && chain.Workers.Length > 1)
        {
            Task<HttpResponseMessage>?[] calls = Details.Calls ??= new Task<HttpResponseMessage>?[chain.Workers.Length];
            calls[position] = null;
        }
    }

    /// <summary>An outbound worker has it, and may go on.</summary>
    public readonly void Entered(int position, Task<HttpResponseMessage> call)
    {
        if (_details?.Calls is { } calls)
        {
            calls[position] = call;
        }
    }

    /// <summary>What the tenant asked for, before anybody decided.</summary>
    public readonly void Capture(EgressRequest message, OutboundChain chain)
    {
        if (Probe is { } probe && (chain.Detail & RecordDetail.Headers) != 0)
        {
            probe.RequestHeaders = chain.Redactor.Headers(message.Headers, message.Content?.Headers);
        }
    }

    /// <summary>It leaves the last outbound worker.</summary>
    public readonly EgressRequest Leave(EgressRequest message, ActiveDispatch dispatch)
    {
        if (Probe is { } probe)
        {
            Capture(message, dispatch.Home.Outbound);
            message.Probe = probe;
            probe.Sent();
        }

        NamespaceTelemetry telemetry = dispatch.Home.Telemetry;
        message.MetricTags = telemetry.Enrichment(dispatch.Tenant);
        if (telemetry.PropagatesTraceContext && (Span ?? Activity.Current) is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            message.PropagateTraceContext(activity);
        }

        return message;
    }

    /// <summary>The outbound workers have returned a response.</summary>
    public void Return(HttpResponseMessage response, OutboundChain chain)
    {
        _status = (short)response.StatusCode;
        _version = ProtocolVersions.ToByte(response.Version);

        // What was refused to a worker, which then found another way.
        Decision = null;
        if (Probe is { } probe)
        {
            probe.Returned();
            if ((chain.Detail & RecordDetail.Headers) != 0)
            {
                probe.ResponseHeaders = chain.Redactor.Headers(response.Headers, response.Content.Headers);
            }
        }
    }

    /// <summary>The first thing that went wrong counts.</summary>
    public void Fail(Exception exception)
    {
        if (_details?.ExceptionType is null)
        {
            Details.ExceptionType = exception.GetType().Name;
            Details.Failure = FailureKinds.Of(exception);
        }
    }

    /// <summary>Its body was cut off, not read to the end or disposed by the tenant.</summary>
    public void CutOff(ActiveDispatch dispatch)
    {
        if (_details?.ExceptionType is null && (!dispatch.IsOver || dispatch.HasExpired || dispatch.WasKilled))
        {
            Details.ExceptionType = nameof(OperationCanceledException);
            Details.Failure = FailureKind.Cancelled;
        }
    }

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
        if (telemetry.MeasuresSubrequests)
        {
            telemetry.Measure(record);
        }

        if (Span is { } span)
        {
            Spans.EndSubrequest(span, record);
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
