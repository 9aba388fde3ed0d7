using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>
/// The body of a tenant's request as workers and egress see it: read once from the tenant's content, counted, and kept up
/// to a bound, so that whoever reads it again gets the bytes that were read before.
/// </summary>
internal sealed class TenantBody : HttpContent
{
    private readonly HttpContent _source;
    private readonly Subrequest _subrequest;
    private readonly int _keepAtMost;
    private readonly long? _length;
    private MemoryStream? _kept;
    private int _started;
    private bool _isComplete;

    public TenantBody(HttpContent source, Subrequest subrequest, int keepAtMost)
    {
        _source = source;
        _subrequest = subrequest;
        _keepAtMost = keepAtMost;
        try
        {
            foreach ((string name, HeaderStringValues values) in source.Headers.NonValidated)
            {
                if (HeaderRules.GoesOn(name))
                {
                    _ = TenantRequest.Copy(name, values) is string single
                        ? Headers.TryAddWithoutValidation(name, single)
                        : Headers.TryAddWithoutValidation(name, values);
                }
            }

            _length = source.Headers.ContentLength;
            _kept = _length is null || _length <= keepAtMost ? new MemoryStream() : null;
        }
        catch (Exception exception) when (exception is not InvalidSubrequestException)
        {
            // Asking for the length runs the tenant's code.
            throw Failed("The body of the request does not tell its length: it is disposed, or its content failed. The inner exception is the content's own.", exception);
        }
    }

    /// <summary>Whether it has been read to its end, and all of it is kept.</summary>
    public bool CanBeSentAgain => Volatile.Read(ref _isComplete) && _kept is not null;

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            if (!Volatile.Read(ref _isComplete) || _kept is null)
            {
                throw new InvalidOperationException(
                    $"The body was read before, and is longer than the {_keepAtMost} bytes that are kept to send it again. Read it into a content of your own first, or raise DispatchNamespaceOptions.ReplayBytes.");
            }

            await stream.WriteAsync(_kept.GetBuffer().AsMemory(0, (int)_kept.Length), cancellationToken).ConfigureAwait(false);
            return;
        }

        await PumpAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    protected override Task<Stream> CreateContentReadStreamAsync()
    {
        if (Volatile.Read(ref _isComplete) && _kept is not null)
        {
            return Task.FromResult<Stream>(new MemoryStream(_kept.GetBuffer(), 0, (int)_kept.Length, writable: false));
        }

        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The body is being read already.");
        }

        Pipe pipe = new();
        _ = PumpAsync(pipe.Writer);
        return Task.FromResult(pipe.Reader.AsStream());
    }

    private async Task PumpAsync(PipeWriter writer)
    {
        Exception? failure = null;
        try
        {
            await PumpAsync(writer.AsStream(leaveOpen: true), _subrequest.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The reader gets it.
            failure = exception;
        }

        await writer.CompleteAsync(failure).ConfigureAwait(false);
    }

    private async Task PumpAsync(Stream destination, CancellationToken cancellationToken)
    {
        Sink sink = new(this, destination);
        if (_length is null)
        {
            // Over HTTP/2, .NET leaves the headers of such a request in the connection's buffer until its body flushes
            // (dotnet/runtime #96223): a tenant that writes only after the answer has begun would wait for ever.
            await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await _source.CopyToAsync(sink, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not DispatchLimitException && !sink.DestinationFailed && !cancellationToken.IsCancellationRequested)
        {
            throw _subrequest.BodyFailure ??= exception as InvalidSubrequestException
                ?? Failed("The body of the request failed while it was read; nothing more of it was sent. The inner exception is the content's own.", exception);
        }
        catch (DispatchLimitException exception)
        {
            _subrequest.BodyFailure ??= exception;
            throw;
        }

        if (_length is { } length && sink.Written != length)
        {
            throw _subrequest.BodyFailure ??= Failed($"The body has {sink.Written} bytes, but its Content-Length says {length}. Leave Content-Length out: it is computed.", null);
        }

        Volatile.Write(ref _isComplete, true);
    }

    private static InvalidSubrequestException Failed(string message, Exception? exception) => new(SubrequestProblem.Body, message, exception);

    // What the tenant's content writes to: never the connection's own stream.
    private sealed class Sink(TenantBody body, Stream destination) : Stream
    {
        public long Written { get; private set; }

        public bool DestinationFailed { get; private set; }

        // A body of unknown length comes as it is made. What is left in a connection's write buffer would wait for more of
        // it, and its maker may be waiting for the answer.
        private bool IsLive => body._length is null;

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
            Take(buffer);
            try
            {
                destination.Write(buffer);
                if (IsLive)
                {
                    destination.Flush();
                }
            }
            catch
            {
                DestinationFailed = true;
                throw;
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Take(buffer.Span);
            try
            {
                await destination.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (IsLive)
                {
                    await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch
            {
                DestinationFailed = true;
                throw;
            }
        }

        private void Take(ReadOnlySpan<byte> bytes)
        {
            Written += bytes.Length;
            if (body._length < Written)
            {
                throw Failed($"The body has more bytes than the {body._length} of its Content-Length. Leave Content-Length out: it is computed.", null);
            }

            body._subrequest.CountRequestBytes(bytes.Length);
            if (body._kept is { } kept)
            {
                if (kept.Length + bytes.Length > body._keepAtMost)
                {
                    body._kept = null;
                }
                else
                {
                    kept.Write(bytes);
                }
            }
        }
    }
}
