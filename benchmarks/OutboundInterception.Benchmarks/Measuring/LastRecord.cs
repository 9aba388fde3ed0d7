namespace OutboundInterception.Benchmarks;

/// <summary>The least that an observer does: it has seen the record. Nothing is shared between threads.</summary>
internal sealed class LastRecord : IOutboundObserver
{
    [ThreadStatic]
    private static SubrequestRecord? s_last;

    public static SubrequestRecord? Last => s_last;

    public void SubrequestCompleted(SubrequestRecord record) => s_last = record;
}
