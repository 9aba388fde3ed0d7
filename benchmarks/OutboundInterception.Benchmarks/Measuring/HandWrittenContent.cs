using System.Net;

namespace OutboundInterception.Benchmarks;

/// <summary>A body that is counted, and whose end is the call's: see <see cref="HandWrittenHandler"/>.</summary>
internal sealed class HandWrittenContent : HttpContent
{
    private readonly HttpResponseMessage _response;
    private readonly HandWrittenCall _call;
    private long _bytes;

    public HandWrittenContent(HttpResponseMessage response, HandWrittenCall call)
    {
        _response = response;
        _call = call;
        foreach ((string name, var values) in response.Content.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values.ToString());
        }
    }

    private int Count(int bytes)
    {
        _bytes += bytes;
        if (bytes == 0)
        {
            _call.End(_bytes);
        }

        return bytes;
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() => new Body(await _response.Content.ReadAsStreamAsync().ConfigureAwait(false), this);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using Stream body = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await body.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _call.End(_bytes);
        _response.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Body(Stream inner, HandWrittenContent content) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ValueTask<int> read = inner.ReadAsync(buffer, cancellationToken);
            return read.IsCompletedSuccessfully ? new ValueTask<int>(content.Count(read.Result)) : FinishAsync(read);
        }

        public override int Read(byte[] buffer, int offset, int count) => content.Count(inner.Read(buffer, offset, count));

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private async ValueTask<int> FinishAsync(ValueTask<int> read) => content.Count(await read.ConfigureAwait(false));
    }
}
