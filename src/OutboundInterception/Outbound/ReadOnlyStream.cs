namespace OutboundInterception;

/// <summary>A stream that can be read once, forwards, and nothing else: no way to what lies beneath it.</summary>
internal abstract class ReadOnlyStream : Stream
{
    private const int CopyBufferSize = 16 * 1024;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("A body has no length before it has been read.");

    public override long Position
    {
        get => throw new NotSupportedException("A body can only be read forwards.");
        set => throw new NotSupportedException("A body can only be read forwards.");
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    // The framework's own copy lends a pooled buffer to the destination. One of the tenant's making could keep it, and find
    // other tenants' bytes in it later.
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        if (KeepsNothing(destination))
        {
            await base.CopyToAsync(destination, bufferSize, cancellationToken).ConfigureAwait(false);
            return;
        }

        byte[] buffer = new byte[int.Min(bufferSize, CopyBufferSize)];
        int count;
        while ((count = await ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }

    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        if (KeepsNothing(destination))
        {
            base.CopyTo(destination, bufferSize);
            return;
        }

        byte[] buffer = new byte[int.Min(bufferSize, CopyBufferSize)];
        int count;
        while ((count = Read(buffer)) > 0)
        {
            destination.Write(buffer, 0, count);
        }
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public abstract override int Read(Span<byte> buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A body can only be read forwards.");

    public override void SetLength(long value) => throw new NotSupportedException("A body can only be read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body can only be read.");

    // Not all of the framework's: a BufferedStream hands what it is lent to the stream beneath it.
    private static bool KeepsNothing(Stream destination) =>
        destination is WriteOnlyStream ours ? KeepsNothing(ours.Destination)
        : destination.GetType() == typeof(MemoryStream) || destination.GetType().Assembly == typeof(HttpClient).Assembly;
}
