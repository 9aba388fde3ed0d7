namespace OutboundInterception;

/// <summary>
/// Sees every subrequest, refused ones too, and changes nothing. One that throws is logged and hurts nobody. Called on the
/// request's own thread, by several at once: hand over what takes time.
/// </summary>
public interface IOutboundObserver
{
    /// <summary>A subrequest is over: its response's body was read or disposed, or it failed.</summary>
    void SubrequestCompleted(SubrequestRecord record);
}
