namespace OutboundInterception;

/// <summary>
/// Sees every subrequest, refused ones too, and changes nothing. One that throws is logged and hurts nobody. Called on the
/// request's own thread, by several at once: put what takes time into a <see cref="QueuedObserver"/>.
/// </summary>
public interface IOutboundObserver
{
    /// <summary>What it needs to have measured. Asked once, when the namespace is made.</summary>
    RecordDetail Detail => RecordDetail.None;

    /// <summary>A subrequest is over: its response's body was read or disposed, or it failed.</summary>
    void SubrequestCompleted(SubrequestRecord record)
    {
    }
}
