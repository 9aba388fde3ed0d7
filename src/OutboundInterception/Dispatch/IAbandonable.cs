namespace OutboundInterception;

/// <summary>Something that is waited for no longer than a dispatch, or a subrequest, lasts.</summary>
internal interface IAbandonable
{
    /// <summary>Ends the wait. Who waits goes on on another thread. Thread-safe, and may be called again.</summary>
    void Abandon();
}
