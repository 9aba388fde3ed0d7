namespace OutboundInterception;

/// <summary>Something that a tenant's dispatch has under way on the outside: a subrequest, or a socket.</summary>
internal abstract class OutboundCall(ActiveDispatch dispatch) : OutboundExchange
{
    private volatile bool _isOpen;

    protected ActiveDispatch Owner => dispatch;

    protected OutboundChain Chain => dispatch.Home.Outbound;

    public override string Tenant => dispatch.Tenant;

    public override string Namespace => dispatch.Namespace;

    public override string DispatchId => dispatch.Id;

    public override Uri? InboundUri => dispatch.InboundUri;

    public bool IsBackground { get; } = dispatch.IsBackgroundCall();

    /// <summary>Whether it ends with the foreground: made outside of background work, and still without an answer.</summary>
    public bool IsForegroundCall => !IsBackground && !_isOpen;

    /// <summary>Whether the tenant has got its answer: a response, or an open connection.</summary>
    protected bool IsOpen
    {
        get => _isOpen;
        set => _isOpen = value;
    }

    /// <summary>When what it sends should have been answered.</summary>
    public virtual long SendDue => long.MaxValue;

    public OutboundCall? Previous { get; set; }

    public OutboundCall? Next { get; set; }

    public override T Get<T>(OutboundParameter<T> parameter) => dispatch.Home.Schema.Read(dispatch.Parameters, parameter);

    public override object? Get(string parameter) => dispatch.Home.Schema.Read(dispatch.Parameters, parameter);

    public override void WaitUntil(Func<CancellationToken, Task> work) => dispatch.WaitUntil(work);

    public override Fetcher Dispatch(string name, DispatchOptions? options) => dispatch.Home.GetNested(dispatch, name, options);

    /// <summary>What it sends was not answered in time.</summary>
    /// <param name="due">The <see cref="SendDue"/> that has passed.</param>
    public virtual void ExpireSend(long due)
    {
    }

    /// <summary>Ends it: what it waits for is cancelled, what it reads is cut off.</summary>
    public abstract void Abort();
}
