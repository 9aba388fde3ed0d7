namespace OutboundInterception;

/// <summary>Reads a tenant's response body, and ends the dispatch's foreground with it.</summary>
internal sealed class DispatchStream(Stream inner, DispatchContent content, ActiveDispatch dispatch) : WaitingStream
{
    private const int BufferSize = 16 * 1024;

    // A stream of the tenant's own may keep the buffer that it is given. The host's come from a pool, where the next user's
    // data would be in it: so such a stream gets one that nobody else uses.
    private readonly byte[]? _own = inner is SafeStream or DispatchStream || inner.GetType() == typeof(MemoryStream) ? null : new byte[BufferSize];

    public override int Read(Span<byte> buffer)
    {
        dispatch.ThrowIfStopped(CancellationToken.None);
        int count;
        if (_own is null)
        {
            count = inner.Read(buffer);
        }
        else
        {
            count = inner.Read(_own, 0, int.Min(buffer.Length, _own.Length));
            _own.AsSpan(0, count).CopyTo(buffer);
        }

        return Finish(count, buffer.Length);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read;
        try
        {
            // Before each: a stream that never waits is not cut off in one.
            dispatch.ThrowIfStopped(cancellationToken);
            read = _own is null ? inner.ReadAsync(buffer, cancellationToken) : ReadOwnAsync(_own, buffer, cancellationToken);
        }
        catch (Exception exception)
        {
            return ThrowAsync(exception);
        }

        return FinishAsync(read, buffer.Length, cancellationToken);
    }

    protected override int Finish(int count, int wanted)
    {
        if (count == 0 && wanted > 0)
        {
            content.CopyTrailers();
            dispatch.EndForeground();
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                inner.Dispose();
            }
            finally
            {
                dispatch.EndForeground();
            }
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOwnAsync(byte[] own, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ValueTask<int> read = inner.ReadAsync(own.AsMemory(0, int.Min(buffer.Length, own.Length)), cancellationToken);
        int count;
        if (read.IsCompleted)
        {
            count = await read.ConfigureAwait(false);
        }
        else
        {
            try
            {
                // A stream that ignores its token is left behind, not waited for.
                count = await read.AsTask().WaitAsync(dispatch.EndToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (dispatch.Token.IsCancellationRequested)
            {
                throw dispatch.Cancelled(exception, cancellationToken);
            }
        }

        own.AsSpan(0, count).CopyTo(buffer.Span);
        return count;
    }
}
