namespace OutboundInterception.Benchmarks;

internal sealed class CountingObserver : IOutboundObserver
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void SubrequestCompleted(SubrequestRecord record) => Interlocked.Increment(ref _count);
}
