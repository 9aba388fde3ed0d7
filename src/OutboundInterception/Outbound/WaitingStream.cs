using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace OutboundInterception;

/// <summary>
/// A stream that keeps the read which it waits for in itself: an object for each would come to megabytes for a long body. From
/// no pool, because a tenant may keep what it awaited, and look at it again when it is another's.
/// </summary>
internal abstract class WaitingStream : ReadOnlyStream, IValueTaskSource<int>
{
    private const int Free = 0;
    private const int Taken = 1 << 16;

    private ManualResetValueTaskSourceCore<int> _source;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _read;
    private CancellationToken _callers;
    private ExecutionContext? _context;
    private Action? _onRead;
    private int _wanted;

    // Free, or taken by the version of the source: until the reader has its result, or else for good.
    private int _place;

    int IValueTaskSource<int>.GetResult(short token)
    {
        bool isOver = _source.GetStatus(token) != ValueTaskSourceStatus.Pending;
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            if (isOver)
            {
                Interlocked.CompareExchange(ref _place, Free, TakenBy(token));
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>Fails as an async method does: with what says so, the task is cancelled.</summary>
    protected static async ValueTask<int> ThrowAsync(Exception exception) => await Task.FromException<int>(exception).ConfigureAwait(false);

    /// <summary>Looks at what was read, which may be too much.</summary>
    protected abstract int Finish(int count, int wanted);

    /// <summary>What a failed read tells the reader.</summary>
    protected virtual Exception Fail(Exception exception, CancellationToken callers) => exception;

    /// <summary>Called after each read that was begun, before the reader goes on.</summary>
    protected virtual void End()
    {
    }

    /// <summary>Goes on with a read that was begun.</summary>
    protected ValueTask<int> FinishAsync(ValueTask<int> read, int wanted, CancellationToken callers)
    {
        if (read.IsCompleted || Interlocked.CompareExchange(ref _place, Taken, Free) != Free)
        {
            return FinishApartAsync(read, wanted, callers);
        }

        _source.Reset();
        Volatile.Write(ref _place, TakenBy(_source.Version));
        _wanted = wanted;
        _callers = callers;
        _context = ExecutionContext.Capture();
        _read = read.ConfigureAwait(false).GetAwaiter();
        ValueTask<int> finished = new(this, _source.Version);
        _read.UnsafeOnCompleted(_onRead ??= OnRead);
        return finished;
    }

    private static int TakenBy(short version) => Taken | (ushort)version;

    // What is there already, which takes no object; and the read of a reader that has not looked at what the last one brought.
    private async ValueTask<int> FinishApartAsync(ValueTask<int> read, int wanted, CancellationToken callers)
    {
        try
        {
            return Finish(await read.ConfigureAwait(false), wanted);
        }
        catch (Exception exception)
        {
            throw Fail(exception, callers);
        }
        finally
        {
            End();
        }
    }

    private void OnRead()
    {
        if (_context is null)
        {
            FinishLater();
        }
        else
        {
            // As behind an await: another's code may have completed the read.
            ExecutionContext.Run(_context, static state => ((WaitingStream)state!).FinishLater(), this);
        }
    }

    private void FinishLater()
    {
        int count = 0;
        Exception? failure = null;
        try
        {
            count = Finish(_read.GetResult(), _wanted);
        }
        catch (Exception exception)
        {
            failure = Fail(exception, _callers);
        }

        _read = default;
        _context = null;
        End();
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
