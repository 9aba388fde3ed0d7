namespace OutboundInterception;

/// <summary>
/// The end of a dispatch for waits of the platform's own. A token that tenants have is no use there: its callbacks run one after
/// the other, the newest first, and one of a tenant's that blocks keeps those before it from running.
/// </summary>
internal sealed class EndSignal(ActiveDispatch dispatch) : CancellationTokenSource, IAbandonable
{
    public void Abandon() => Cancellation.Request(this, dispatch);
}
