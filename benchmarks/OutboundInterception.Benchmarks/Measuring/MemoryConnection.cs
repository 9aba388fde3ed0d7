using System.Threading.Tasks.Sources;

namespace OutboundInterception.Benchmarks;

/// <summary>
/// A connection without a network: each request that is written is answered at once with the same response, so that what is
/// timed is the code on this side. Used by one request at a time, as HTTP/1.1 connections are.
/// </summary>
internal sealed class MemoryConnection : Stream, IValueTaskSource<int>
{
    private static readonly byte[] s_response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    private ManualResetValueTaskSourceCore<int> _waiting;
    private Memory<byte> _buffer;
    private bool _isWaiting;
    private int _position = s_response.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) => new(new MemoryConnection());

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position < s_response.Length)
        {
            return new ValueTask<int>(Take(buffer));
        }

        _buffer = buffer;
        _isWaiting = true;
        _waiting.Reset();
        return new ValueTask<int>(this, _waiting.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Span.EndsWith("\r\n\r\n"u8))
        {
            _position = 0;
            if (_isWaiting)
            {
                _isWaiting = false;
                _waiting.SetResult(Take(_buffer));
            }
        }

        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);

    private int Take(Memory<byte> buffer)
    {
        int count = int.Min(buffer.Length, s_response.Length - _position);
        s_response.AsMemory(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
