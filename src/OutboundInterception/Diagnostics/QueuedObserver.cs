using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OutboundInterception;

/// <summary>
/// Lets another observer take its time: it is called on a thread of its own, with one record after the other. When it falls
/// behind, the oldest records are dropped and counted. Thread-safe.
/// </summary>
public sealed class QueuedObserver : IOutboundObserver, IAsyncDisposable
{
    /// <summary>How many records wait unless something else is said: 8,192.</summary>
    public const int DefaultCapacity = 8192;

    private readonly IOutboundObserver _inner;
    private readonly ILogger _logger;
    private readonly RecordQueue _queue;

    /// <param name="inner">Owned: disposed with this one, after its last record.</param>
    /// <param name="capacity">How many records wait at most; at least 1.</param>
    /// <param name="logger">Is told when the inner one fails.</param>
    public QueuedObserver(IOutboundObserver inner, int capacity = DefaultCapacity, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _logger = logger ?? NullLogger.Instance;
        _queue = new RecordQueue(capacity, Write);
    }

    /// <inheritdoc/>
    public RecordDetail Detail => _inner.Detail;

    /// <summary>How many records were dropped because the inner observer had fallen behind.</summary>
    public long Dropped => _queue.Dropped;

    /// <inheritdoc/>
    public void SubrequestCompleted(SubrequestRecord record) => _queue.Add(record);

    /// <summary>Takes no more records, and waits until the inner observer has had those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync().ConfigureAwait(false);
        await Disposal.DisposeAsync(_inner).ConfigureAwait(false);
    }

    private void Write(IReadOnlyList<SubrequestRecord> records)
    {
        foreach (SubrequestRecord record in records)
        {
            try
            {
                _inner.SubrequestCompleted(record);
            }
            catch (Exception exception)
            {
                Log.ObserverFailed(_logger, exception, record.Namespace, _inner.GetType());
            }
        }
    }
}
