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
    private readonly int _hop;

    public WorkerBody(HttpContent source, Subrequest subrequest, int hop)
    {
        _hop = hop;
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
        CountingStream counted = new(_subrequest, _hop, stream);
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

    private sealed class CountingStream(Subrequest subrequest, int hop, Stream destination) : WriteOnlyStream(destination)
    {
        private long _written;

        public override void Flush() => Destination.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => Destination.FlushAsync(cancellationToken);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Count(buffer.Length);
            Destination.Write(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count(buffer.Length);
            return Destination.WriteAsync(buffer, cancellationToken);
        }

        private void Count(int bytes)
        {
            _written += bytes;
            subrequest.CountWorkersBytes(_written, hop);
        }
    }
}
