using System.Diagnostics;

namespace OutboundInterception;

/// <summary>What a record is made of, gathered on the way. Mutable: a field of the subrequest, never copied.</summary>
internal struct SubrequestTrace(ActiveDispatch dispatch)
{
    private const int MaxMethod = 32;

    private readonly ActiveDispatch _dispatch = dispatch;
    private HttpMethod? _method;
    private Uri? _uri;
    private Activity? _span;
    private string? _traceId;
    private SubrequestProbe? _probe;
    private Task<HttpResponseMessage>?[]? _calls;
    private Version? _version;
    private string? _exceptionType;
    private long _start;
    private FailureKind _failure;
    private PolicyMode _mode;
    private short _status;
    private short _worker;
    private bool _isWebSocket;
    private bool _isOpen;
    private bool _isWatched;
    private bool _isJudged;
    private bool _wouldBlock;
    private bool _workerDecided;

    public int Hop;
    public int Number;
    public int Retries;
    public string? Host;
    public string? RuleId;
    public string? Reason;
    public bool WasSent;
    public long RequestBytes;
    public long ResponseBytes;
    public SubrequestDecision? Decision;

    public void Begin(HttpMethod method, Uri? uri, bool isWebSocket)
    {
        this = new SubrequestTrace(_dispatch)
        {
            _method = method,
            _uri = uri,
            _isWebSocket = isWebSocket,
            _isOpen = true,
            _worker = -1,
            Number = _dispatch.Budget.Subrequests + 1,
        };
        OutboundChain chain = _dispatch.Home.Outbound;
        _span = Spans.StartSubrequest(_dispatch, method, uri);
        _isWatched = chain.IsObserved || _span is not null || _dispatch.Home.Telemetry.MeasuresSubrequests;
        if (_isWatched)
        {
            _start = _dispatch.Home.Time.GetTimestamp();
            _traceId = (_span ?? Activity.Current)?.TraceId.ToHexString();
            _probe = chain.Detail == RecordDetail.None ? null : new SubrequestProbe(_dispatch.Home.Time);
        }
    }

    /// <summary>The policy has decided.</summary>
    public void Judge(in PolicyDecision decision)
    {
        _isJudged = true;
        _mode = decision.Mode;
        RuleId = decision.RuleId;
        if (!decision.Allowed)
        {
            Block(decision.RuleId, decision.Reason);
        }
        else if (decision.WouldBlock)
        {
            _wouldBlock = true;
            Reason = decision.Reason;
        }
    }

    public void Block(string? ruleId, string? reason)
    {
        Decision = SubrequestDecision.Blocked;
        RuleId = ruleId;
        Reason = reason;
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
    public void Enter(int position)
    {
        _worker = short.Max(_worker, (short)position);
        if (_isWatched && _dispatch.Home.Outbound.Workers.Length > 1)
        {
            _calls ??= new Task<HttpResponseMessage>?[_dispatch.Home.Outbound.Workers.Length];
            _calls[position] = null;
        }
    }

    /// <summary>An outbound worker has it, and may go on.</summary>
    public readonly void Entered(int position, Task<HttpResponseMessage> call)
    {
        if (_calls is not null)
        {
            _calls[position] = call;
        }
    }

    /// <summary>What the tenant asked for, before anybody decided.</summary>
    public readonly void Capture(EgressRequest message)
    {
        OutboundChain chain = _dispatch.Home.Outbound;
        if (_probe is { } probe && (chain.Detail & RecordDetail.Headers) != 0)
        {
            probe.RequestHeaders = chain.Redactor.Headers(message.Headers, message.Content?.Headers);
        }
    }

    /// <summary>It leaves the last outbound worker.</summary>
    public readonly EgressRequest Leave(EgressRequest message)
    {
        if (_probe is { } probe)
        {
            Capture(message);
            message.Probe = probe;
            probe.Sent();
        }

        NamespaceTelemetry telemetry = _dispatch.Home.Telemetry;
        message.MetricTags = telemetry.Enrichment(_dispatch.Tenant);
        if (telemetry.PropagatesTraceContext && (_span ?? Activity.Current) is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            message.PropagateTraceContext(activity);
        }

        return message;
    }

    /// <summary>The outbound workers have returned a response.</summary>
    public void Return(HttpResponseMessage response)
    {
        _status = (short)response.StatusCode;
        _version = response.Version;

        // What was refused to a worker, which then found another way.
        Decision = null;
        if (_probe is { } probe)
        {
            probe.Returned();
            OutboundChain chain = _dispatch.Home.Outbound;
            if ((chain.Detail & RecordDetail.Headers) != 0)
            {
                probe.ResponseHeaders = chain.Redactor.Headers(response.Headers, response.Content.Headers);
            }
        }
    }

    /// <summary>The first thing that went wrong counts.</summary>
    public void Fail(Exception exception)
    {
        if (_exceptionType is null)
        {
            _exceptionType = exception.GetType().Name;
            _failure = FailureKinds.Of(exception);
        }
    }

    /// <summary>Its body was cut off, not read to the end or disposed by the tenant.</summary>
    public void CutOff()
    {
        if (_exceptionType is null && (!_dispatch.IsOver || _dispatch.HasExpired || _dispatch.WasKilled))
        {
            _exceptionType = nameof(OperationCanceledException);
            _failure = FailureKind.Cancelled;
        }
    }

    public void End(OutboundChain chain)
    {
        if (_isOpen)
        {
            _isOpen = false;
            if (_isWatched)
            {
                Tell(chain, ToRecord(chain));
            }
        }
    }

    private readonly void Tell(OutboundChain chain, SubrequestRecord record)
    {
        NamespaceTelemetry telemetry = _dispatch.Home.Telemetry;
        if (telemetry.MeasuresSubrequests)
        {
            telemetry.Measure(record);
        }

        if (_span is not null)
        {
            Spans.EndSubrequest(_span, record);
        }

        chain.Observe(record);
    }

    private readonly SubrequestRecord ToRecord(OutboundChain chain)
    {
        TimeProvider time = _dispatch.Home.Time;
        long end = time.GetTimestamp();
        TimeSpan duration = time.GetElapsedTime(_start, end);
        Uri? uri = _uri is { IsAbsoluteUri: true } ? _uri : null;
        string host = RecordRedactor.Host(Host ?? uri?.Host.Trim('[', ']') ?? string.Empty);
        SubrequestDecision decision = Decision ?? (WasSent ? SubrequestDecision.Sent : _status != 0 ? SubrequestDecision.Answered : SubrequestDecision.Rejected);
        string method = _method!.Method;
        return new SubrequestRecord
        {
            Time = time.GetUtcNow() - duration,
            Namespace = _dispatch.Namespace,
            Tenant = _dispatch.Tenant,
            DispatchNumber = _dispatch.IdNumber,
            Number = Number,
            Hop = Hop,
            Method = method.Length <= MaxMethod ? method : method[..MaxMethod],
            Scheme = uri is null ? string.Empty : Scheme(uri.Scheme),
            Host = host,
            Port = uri?.Port ?? -1,
            Path = uri is null ? string.Empty : chain.Redactor.Path(uri, host),
            Decision = decision,
            RuleId = RuleId,
            Reason = Reason,
            Mode = _isJudged ? _mode : null,
            WouldBlock = _wouldBlock,
            Worker = Worker(chain, decision),
            Status = _status == 0 ? null : _status,
            Failure = _exceptionType is null ? null : Failure(decision),
            ExceptionType = _exceptionType,
            RequestBytes = RequestBytes,
            ResponseBytes = ResponseBytes,
            Duration = duration,
            Phases = (chain.Detail & RecordDetail.Phases) == 0 ? null : _probe?.ToPhases(duration, end),
            Retries = Retries,
            Address = _probe?.Address,
            ProtocolVersion = WasSent ? _version : null,
            TraceId = _traceId,
            SpanId = _span?.SpanId.ToHexString(),
            RequestHeaders = _probe?.RequestHeaders,
            ResponseHeaders = _probe?.ResponseHeaders,
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
        if (_calls is null)
        {
            return _worker;
        }

        int position = _worker;
        while (position > 0 && _calls[position] is not (null or { IsFaulted: true } or { IsCanceled: true }))
        {
            position--;
        }

        return position;
    }

    private readonly FailureKind Failure(SubrequestDecision decision) =>
        decision == SubrequestDecision.Failed ? FailureKind.Worker
        : _failure != FailureKind.Cancelled ? _failure
        : _dispatch.HasExpired ? FailureKind.Deadline
        : _dispatch.WasKilled ? FailureKind.Killed
        : FailureKind.Cancelled;
}
