using System.Diagnostics;

namespace OutboundInterception;

/// <summary>
/// What a record is made of, gathered on the way. Mutable: a field of the subrequest, never copied. Small on purpose: what few
/// subrequests have is in <see cref="TraceDetails"/>.
/// </summary>
internal partial struct SubrequestTrace
{
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

    /// <summary>Whether headers alone were asked for, as the message said when it was sent.</summary>
    public readonly bool IsHead => _method == HttpMethod.Head;

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
}
