using System.Net;
using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>
/// A body that an outbound worker sends in place of the tenant's, or where the tenant has none: counted for the record, and
/// no more of it sent once that is written.
/// </summary>
internal sealed class WorkerBody : HttpContent
{
    private readonly HttpContent _source;
    private readonly Subrequest _subrequest;

    public WorkerBody(HttpContent source, Subrequest subrequest)
    {
        _source = source;
        _subrequest = subrequest;

        // Asked for before the headers are copied: it is what puts Content-Length among them.
        _ = source.Headers.ContentLength;
        foreach ((string name, HeaderStringValues values) in source.Headers.NonValidated)
        {
            Headers.TryAdd(name, values);
        }
    }

    /// <summary>Whether reading it again gives the same bytes.</summary>
    public bool CanBeSentAgain => _source is ByteArrayContent or ReadOnlyMemoryContent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        CountingStream counted = new(_subrequest, stream);
        await using (counted.ConfigureAwait(false))
        {
            await _source.CopyToAsync(counted, context, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _source.Headers.ContentLength ?? 0;
        return _source.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Leaves the connection's stream open.</summary>
    private sealed class CountingStream(Subrequest subrequest, Stream destination) : Stream, IPassThroughStream
    {
        private long _written;

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

        public override void Flush() => destination.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => destination.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body is written here.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A body is written forwards.");

        public override void SetLength(long value) => throw new NotSupportedException("A body is written forwards.");

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Count(buffer.Length);
            destination.Write(buffer);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count(buffer.Length);
            return destination.WriteAsync(buffer, cancellationToken);
        }

        private void Count(int bytes)
        {
            _written += bytes;
            subrequest.CountWorkersBytes(_written);
        }
    }
}
