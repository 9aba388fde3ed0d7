namespace OutboundInterception;

/// <summary>
/// A stream that hands on what is written to it, forwards, and nothing else. It keeps none of the memory that it is given, and
/// leaves the stream behind it open.
/// </summary>
internal abstract class WriteOnlyStream(Stream destination) : Stream
{
    /// <summary>Where it hands on to.</summary>
    public Stream Destination => destination;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("A body is written forwards.");

    public override long Position
    {
        get => throw new NotSupportedException("A body is written forwards.");
        set => throw new NotSupportedException("A body is written forwards.");
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body is written here.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A body is written forwards.");

    public override void SetLength(long value) => throw new NotSupportedException("A body is written forwards.");

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public abstract override void Write(ReadOnlySpan<byte> buffer);

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);
}
