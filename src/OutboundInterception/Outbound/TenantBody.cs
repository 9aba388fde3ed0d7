using System.IO.Pipelines;
using System.Net;

namespace OutboundInterception;

/// <summary>
/// The body of a tenant's request as workers and egress see it: read once from the tenant's content, counted, and kept up
/// to a bound, so that whoever reads it again gets the bytes that were read before.
/// </summary>
internal sealed partial class TenantBody : HttpContent
{
    private readonly HttpContent _source;
    private readonly Subrequest _subrequest;
    private readonly int _hop;
    private readonly int _keepAtMost;
    private readonly long? _length;
    private MemoryStream? _kept;
    private int _started;
    private bool _isComplete;

    /// <param name="source">The tenant's.</param>
    /// <param name="headers">What was taken of its headers, before anything was decided.</param>
    /// <param name="subrequest">What counts it.</param>
    /// <param name="hop">Which hop it is sent with.</param>
    /// <param name="keepAtMost">In bytes.</param>
    public TenantBody(HttpContent source, List<KeyValuePair<string, object>>? headers, Subrequest subrequest, int hop, int keepAtMost)
    {
        _hop = hop;
        headers?.ForEach(header => _ = header.Value is string single
            ? Headers.TryAddWithoutValidation(header.Key, single)
            : Headers.TryAddWithoutValidation(header.Key, (string[])header.Value));
        _source = source;
        _subrequest = subrequest;
        _keepAtMost = keepAtMost;
        try
        {
            _length = source.Headers.ContentLength;
            _kept = _length is null || _length <= keepAtMost ? new MemoryStream((int)(_length ?? 0)) : null;
        }
        catch (Exception exception) when (exception is not InvalidSubrequestException)
        {
            // Asking for the length runs the tenant's code.
            throw Failed("The body of the request does not tell its length: it is disposed, or its content failed. The inner exception is the content's own.", exception);
        }
    }

    /// <summary>Whether reading it now gives all of it: nobody has begun to, or all that was read is kept.</summary>
    public bool CanBeSentAgain => Volatile.Read(ref _started) == 0 || (Volatile.Read(ref _isComplete) && _kept is not null);

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
        bool isWriting;
        if (_length is null)
        {
            // Over HTTP/2, .NET leaves the headers of such a request in the connection's buffer until its body flushes
            // (dotnet/runtime #96223): a tenant that writes only after the answer has begun would wait for ever.
            await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await CopyAsync(sink, cancellationToken).ConfigureAwait(false);
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
        finally
        {
            isWriting = sink.Complete();
        }

        if (isWriting)
        {
            throw _subrequest.BodyFailure ??= Failed("The content of the request said that it was done while it was still writing. Await each write.", null);
        }

        if (_length is { } length && sink.Written != length)
        {
            throw _subrequest.BodyFailure ??= Failed($"The body has {sink.Written} bytes, but its Content-Length says {length}. Leave Content-Length out: it is computed.", null);
        }

        Volatile.Write(ref _isComplete, true);
    }

    /// <summary>
    /// No code of the tenant's gets the token that ends the connection, on which its callbacks would run before ours, and none is
    /// waited for when that is cancelled.
    /// </summary>
    private async Task CopyAsync(Sink sink, CancellationToken cancellationToken)
    {
        Type type = _source.GetType();
        if (type == typeof(ByteArrayContent) || type == typeof(StringContent) || type == typeof(FormUrlEncodedContent))
        {
            await _source.CopyToAsync(sink, cancellationToken).ConfigureAwait(false);
            return;
        }

        ContentCancellation own = new(_subrequest);
        using CancellationTokenRegistration end = cancellationToken.UnsafeRegister(static own => ((ContentCancellation)own!).Request(), own);
        Task copying = _source.CopyToAsync(sink, own.Token);
        try
        {
            await copying.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!copying.IsCompleted)
        {
            // Looked at, which keeps what it fails with from being reported as one that nobody has seen.
            _ = copying.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private static InvalidSubrequestException Failed(string message, Exception? exception) => new(SubrequestProblem.Body, message, exception);

    private sealed class ContentCancellation(Subrequest subrequest) : CancellationTokenSource
    {
        public void Request() => subrequest.RequestCancellation(this);
    }
}
