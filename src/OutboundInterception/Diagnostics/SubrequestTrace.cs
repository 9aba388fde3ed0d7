namespace OutboundInterception;

/// <summary>What a record is made of, gathered on the way. Mutable: a field of the subrequest, never copied.</summary>
internal struct SubrequestTrace(ActiveDispatch dispatch)
{
    private readonly ActiveDispatch _dispatch = dispatch;
    private HttpMethod? _method;
    private Uri? _uri;
    private long _start;
    private bool _isOpen;

    public int Hop;
    public int Number;
    public string? Host;
    public string? RuleId;
    public string? Reason;
    public int? Status;
    public string? Failure;
    public bool WasSent;
    public int Retries;
    public PolicyMode? Mode;
    public bool WouldBlock;
    public long RequestBytes;
    public long ResponseBytes;
    public SubrequestDecision? Decision;

    public void Begin(HttpMethod method, Uri? uri)
    {
        this = new SubrequestTrace(_dispatch) { _method = method, _uri = uri, _isOpen = true, Number = _dispatch.Budget.Subrequests + 1 };
        if (_dispatch.Home.Outbound.IsObserved)
        {
            _start = _dispatch.Home.Time.GetTimestamp();
        }
    }

    public void Block(string? ruleId, string? reason)
    {
        Decision = SubrequestDecision.Blocked;
        RuleId = ruleId;
        Reason = reason;
    }

    public void End(OutboundChain chain)
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        if (!chain.IsObserved)
        {
            return;
        }

        TimeSpan duration = _dispatch.Home.Time.GetElapsedTime(_start);
        chain.Observe(new SubrequestRecord
        {
            Time = _dispatch.Home.Time.GetUtcNow() - duration,
            Namespace = _dispatch.Namespace,
            Tenant = _dispatch.Tenant,
            DispatchId = _dispatch.Id,
            Hop = Hop,
            Method = _method!.Method,
            Url = Redact(_uri),
            Decision = Decision ?? (WasSent ? SubrequestDecision.Sent : SubrequestDecision.Answered),
            RuleId = RuleId,
            Reason = Reason,
            Mode = Mode,
            WouldBlock = WouldBlock,
            Status = Status,
            Failure = Failure,
            Retries = Retries,
            RequestBytes = RequestBytes,
            ResponseBytes = ResponseBytes,
            Duration = duration,
        });
    }

    // Without userinfo, query and fragment, where secrets are, and without what would begin a line of its own in a log: a URL
    // that is refused may hold anything.
    private static string Redact(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true })
        {
            return "(no absolute URL)";
        }

        string url = uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + uri.AbsolutePath;
        return url.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? string.Concat(url.Select(static character => character is >= '!' and <= '~' ? character.ToString() : Uri.HexEscape((char)(character & 0xff))))
            : url;
    }
}
