using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OutboundInterception;

/// <summary>
/// Writes each record as one line of JSON to a file, and begins a new file when one is full. Requests never wait for the
/// disk. The file can be read by its owner alone. Thread-safe.
/// </summary>
public sealed class JsonLinesObserver : IOutboundObserver, IAsyncDisposable
{
    private readonly RotatingFile _file;
    private readonly ILogger _logger;
    private readonly RecordQueue _queue;

    /// <param name="options">Read here; later changes are not seen.</param>
    /// <param name="logger">Is told when the disk fails.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">The file cannot be opened: see to it that no other process has it.</exception>
    public JsonLinesObserver(JsonLinesOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFileBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFiles, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxFiles, 1000);
        Detail = options.Detail;
        _logger = logger ?? NullLogger.Instance;
        _file = new RotatingFile(options.Path, options.MaxFileBytes, options.MaxFiles);
        _queue = new RecordQueue(options.QueueCapacity, Write);
    }

    /// <inheritdoc/>
    public RecordDetail Detail { get; }

    /// <summary>How many records were not written: the disk was too slow, or failed.</summary>
    public long Dropped => _queue.Dropped;

    /// <inheritdoc/>
    public void SubrequestCompleted(SubrequestRecord record) => _queue.Add(record);

    /// <summary>Writes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
    }

    private void Write(IReadOnlyList<SubrequestRecord> records)
    {
        try
        {
            using MemoryStream lines = new();
            using Utf8JsonWriter writer = new(lines);
            foreach (SubrequestRecord record in records)
            {
                record.WriteTo(writer);
                writer.Flush();
                writer.Reset();
                lines.WriteByte((byte)'\n');
            }

            _file.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        }
        catch (Exception exception)
        {
            // A full disk is no reason to stop serving.
            _queue.CountDropped(records.Count);
            Log.RecordsLost(_logger, exception, _file.Path, records.Count);
        }
    }
}
