namespace OutboundInterception;

/// <summary>The bytes of a tenant's connection: counted, and over with the dispatch.</summary>
internal sealed class SocketStream(ActiveSocket socket, SocketExchange exchange, Stream inner) : Stream
{
    private volatile bool _isDisposed;
    private bool _reachedEnd;

    /// <summary>What is between it and the wire.</summary>
    public Stream Inner { get; set; } = inner;

    public override bool CanRead => !_isDisposed;

    public override bool CanWrite => !_isDisposed && !socket.IsWriteClosed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("A connection has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    /// <summary>
    /// Asked before a use, and again before what came of it is believed: a connection that is closed while it is used may read
    /// as one that the other side has ended, or fail with anything. Why it was closed is what the tenant is told.
    /// </summary>
    public void ThrowIfUnusable()
    {
        // Looked at first: the dispatch's end is known before it disposes anything.
        bool isDisposed = _isDisposed;
        exchange.ThrowIfUnusable();
        ObjectDisposedException.ThrowIf(isDisposed, socket);
    }

    public void DisposeInner()
    {
        _isDisposed = true;
        try
        {
            Inner.Dispose();
        }
        catch (Exception exception)
        {
            // An outbound worker's stream. Who ends a dispatch, or is the timer that does, has no use for it.
            exchange.LogDisposeFailed(exception);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_reachedEnd)
        {
            return 0;
        }

        ThrowIfUnusable();
        try
        {
            return Received(Inner.Read(buffer), buffer.Length);
        }
        catch (Exception exception)
        {
            throw socket.Fail(exception, default);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_reachedEnd)
        {
            return 0;
        }

        ThrowIfUnusable();
        try
        {
            // The dispatch's end disposes what is read from; no token has to be linked for it.
            return Received(await Inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);
        }
        catch (Exception exception)
        {
            throw socket.Fail(exception, cancellationToken);
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Sending();
        try
        {
            exchange.CountSent(buffer.Length);
            Inner.Write(buffer);
        }
        catch (Exception exception)
        {
            throw socket.Fail(exception, default);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Sending();
        try
        {
            exchange.CountSent(buffer.Length);
            await Inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw socket.Fail(exception, cancellationToken);
        }
    }

    public override void Flush()
    {
        ThrowIfUnusable();
        Inner.Flush();
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfUnusable();
        return Inner.FlushAsync(cancellationToken);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection has no position.");

    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Close();
        }

        base.Dispose(disposing);
    }

    private void Sending()
    {
        ThrowIfUnusable();
        if (socket.IsWriteClosed)
        {
            throw new InvalidOperationException("Writing has been closed.");
        }
    }

    private int Received(int count, int wanted)
    {
        if (count > 0)
        {
            exchange.CountReceived(count);
        }
        else if (wanted > 0)
        {
            ThrowIfUnusable();
            _reachedEnd = true;
            socket.ReachedEnd();
        }

        return count;
    }
}
