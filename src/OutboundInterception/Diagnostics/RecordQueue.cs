using System.Threading.Channels;

namespace OutboundInterception;

/// <summary>
/// Takes records from requests without making them wait, and hands them to one reader in batches. When that is too slow,
/// the oldest are dropped and counted.
/// </summary>
internal sealed class RecordQueue : IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly Channel<SubrequestRecord> _channel;
    private readonly Action<IReadOnlyList<SubrequestRecord>> _write;
    private readonly Task _pump;
    private long _dropped;

    /// <param name="capacity">How many wait at most.</param>
    /// <param name="write">Called by one thread at a time. It must not throw.</param>
    public RecordQueue(int capacity, Action<IReadOnlyList<SubrequestRecord>> write)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _write = write;
        _channel = Channel.CreateBounded<SubrequestRecord>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _pump = Task.Run(PumpAsync);
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(SubrequestRecord record)
    {
        if (!_channel.Writer.TryWrite(record))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public void CountDropped(int count) => Interlocked.Add(ref _dropped, count);

    /// <summary>Takes no more, and waits until those that it has were written.</summary>
    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    private async Task PumpAsync()
    {
        List<SubrequestRecord> batch = new(MaxBatch);
        while (await _channel.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxBatch && _channel.Reader.TryRead(out SubrequestRecord? record))
            {
                batch.Add(record);
            }

            _write(batch);
            batch.Clear();
        }
    }
}
