using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace OutboundInterception;

/// <summary>A read that a stream waits for: one object for all the reads of a stream, one after the other.</summary>
internal sealed class PendingRead : IValueTaskSource<int>
{
    private const int Free = 0;
    private const int Taken = 1 << 17;
    private const int HasVersion = 1 << 16;

    private readonly WaitingStream _stream;
    private readonly Action _onRead;
    private ManualResetValueTaskSourceCore<int> _source;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _read;
    private CancellationToken _callers;
    private CancellationTokenRegistration _watch;
    private ExecutionContext? _context;
    private int _wanted;

    // Free, or taken by the version of the source: until the reader has its result, or else for good.
    private int _place;

    public PendingRead(WaitingStream stream)
    {
        _stream = stream;
        _onRead = OnRead;
    }

    public int GetResult(short token)
    {
        bool isOver = _source.GetStatus(token) != ValueTaskSourceStatus.Pending;
        int result;
        try
        {
            result = _source.GetResult(token);
        }
        catch when (isOver)
        {
            // Before anybody's filter sees it.
            Release(token);
            throw;
        }

        if (isOver)
        {
            Release(token);
        }

        return result;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>Goes on with a read, unless the reader has not looked yet at what the last one brought.</summary>
    public bool TryFinish(ValueTask<int> read, int wanted, CancellationToken callers, out ValueTask<int> finished)
    {
        if (Interlocked.CompareExchange(ref _place, Taken, Free) != Free)
        {
            finished = default;
            return false;
        }

        _source.Reset();
        Volatile.Write(ref _place, TakenBy(_source.Version));
        _wanted = wanted;
        _callers = callers;
        _context = ExecutionContext.Capture();
        _read = read.ConfigureAwait(false).GetAwaiter();
        _watch = _stream.HasToInterrupt(callers) ? callers.UnsafeRegister(static read => ((PendingRead)read!).Interrupt(), this) : default;
        finished = new ValueTask<int>(this, _source.Version);
        _read.UnsafeOnCompleted(_onRead);
        return true;
    }

    private static int TakenBy(short version) => HasVersion | (ushort)version;

    private void Release(short token) => Interlocked.CompareExchange(ref _place, Free, TakenBy(token));

    // Not if it has just come: the next read is another matter.
    private void Interrupt()
    {
        if (!_read.IsCompleted)
        {
            _stream.Interrupt();
        }
    }

    private void OnRead()
    {
        if (_context is null)
        {
            Finish();
        }
        else
        {
            // As behind an await: another's code may have completed the read.
            ExecutionContext.Run(_context, static state => ((PendingRead)state!).Finish(), this);
        }
    }

    private void Finish()
    {
        // Waits for the callback if that runs just now, which is short.
        _watch.Dispose();
        int count = 0;
        Exception? failure = null;
        try
        {
            count = _read.GetResult();
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        try
        {
            count = _stream.Conclude(count, failure, _wanted, _callers);
            failure = null;
        }
        catch (Exception exception)
        {
            // The reader gets it. Thrown from here it would end the process.
            failure = exception;
        }

        _read = default;
        _context = null;
        _callers = default;
        _watch = default;
        if (failure is null)
        {
            _source.SetResult(count);
        }
        else
        {
            _source.SetException(failure);
        }
    }
}
