using System.Net;

namespace OutboundInterception;

/// <summary>The body of a response as a tenant gets it: counted, bounded by the dispatch's life, and read-only.</summary>
internal sealed class SafeContent : HttpContent
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Closed = 2;
    private const int AtEnd = 4;

    // The last that was seen: nearly always the one of a connection's response.
    private static Type? s_atOnce;

    private readonly HttpResponseMessage _response;
    private readonly Subrequest _subrequest;
    private volatile bool _isDisposed;
    private int _state;
    private long _bytes;

    /// <param name="response">The origin's, which is disposed with the body.</param>
    /// <param name="subrequest">What counts and ends it.</param>
    public SafeContent(HttpResponseMessage response, Subrequest subrequest)
    {
        _response = response;
        _subrequest = subrequest;
        foreach ((string name, var values) in response.Content.Headers.NonValidated)
        {
            Headers.TryAdd(name, values);
        }
    }

    /// <summary>Whether the answer has headers alone, whatever a worker put into it (RFC 9110, section 6.4.1).</summary>
    public bool HasNoBody { get; init; }

    /// <summary>Gets the origin's trailers when the body has been read, if the tenant takes them.</summary>
    public HttpResponseMessage? Trailers { get; set; }

    public CancellationToken Token => _subrequest.Token;

    /// <summary>The dispatch, or the call, is over.</summary>
    public void Abort()
    {
        Close(apart: true);
        Finish(null);
    }

    /// <summary>Ends the read that goes on.</summary>
    public void Interrupt() => _subrequest.Interrupt();

    /// <summary>The tenant disposes it, which is no end of a read of another thread.</summary>
    public void DisposeByReader()
    {
        _isDisposed = true;
        if (Close(apart: false))
        {
            Interrupt();
        }

        Finish(null);
    }

    /// <summary>
    /// Lets in one read at a time, and none beside the disposal. The framework's streams don't: of two reads at once on an
    /// HTTP/1.1 connection, the second may still wait when the first has given the connection back, and gets the bytes of the
    /// next response, which may be another tenant's.
    /// </summary>
    /// <returns>False at the end, where there is nothing left to read from.</returns>
    public bool TryBeginRead()
    {
        _subrequest.ThrowIfUnreadable();
        int before = Interlocked.CompareExchange(ref _state, Reading, Idle);
        ObjectDisposedException.ThrowIf((before & Closed) != 0, typeof(HttpResponseMessage));
        if ((before & Reading) != 0)
        {
            throw new InvalidOperationException("The body is being read already. Await each read before the next.");
        }

        return before == Idle;
    }

    public void EndRead()
    {
        if ((Interlocked.And(ref _state, ~Reading) & (Closed | AtEnd)) != 0)
        {
            _subrequest.DisposeResponse(_response);
        }
    }

    public void Count(int bytes)
    {
        // One read at a time.
        Volatile.Write(ref _bytes, _bytes + bytes);
        _subrequest.CountResponseBytes(bytes);
    }

    public void ReachedEnd()
    {
        if (Trailers is { } safe && !_subrequest.HasLeft)
        {
            foreach ((string name, var values) in _response.TrailingHeaders.NonValidated)
            {
                if (HeaderRules.ComesBack(name))
                {
                    safe.TrailingHeaders.TryAdd(name, values);
                }
            }
        }

        // Whether the tenant disposes it or not: what a worker put into it is needed no more.
        Interlocked.Or(ref _state, AtEnd);
        Finish(null);
    }

    /// <summary>Within a read, which then disposes it.</summary>
    public Exception Failed(Exception exception, CancellationToken cancellationToken)
    {
        Exception told = _isDisposed
            ? new ObjectDisposedException("The response was disposed while its body was being read.", exception)
            : _subrequest.TellReadFailure(exception, cancellationToken);
        Interlocked.Or(ref _state, Closed);
        Finish(told);
        return told;
    }

    protected override Task<Stream> CreateContentReadStreamAsync()
    {
        if (!HasStreamAtOnce(_response.Content))
        {
            return CreateLaterAsync();
        }

        try
        {
            return Task.FromResult(CreateContentReadStream(CancellationToken.None));
        }
        catch (Exception exception)
        {
            return Task.FromException<Stream>(exception);
        }
    }

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken)
    {
        _subrequest.ThrowIfUnreadable();
        return new SafeStream(HasNoBody ? Stream.Null : _response.Content.ReadAsStream(cancellationToken), this);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Stream body = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using Stream body = CreateContentReadStream(cancellationToken);
        body.CopyTo(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeByReader();
        }

        base.Dispose(disposing);
    }

    private async Task<Stream> CreateLaterAsync()
    {
        _subrequest.ThrowIfUnreadable();
        return new SafeStream(HasNoBody ? Stream.Null : await _response.Content.ReadAsStreamAsync().ConfigureAwait(false), this);
    }

    // The framework's own contents do, but for the one that holds others. Those may have to be waited for, or may write
    // themselves into memory.
    private static bool HasStreamAtOnce(HttpContent content)
    {
        Type type = content.GetType();
        if (type == s_atOnce)
        {
            return true;
        }

        if (type.Assembly != typeof(HttpContent).Assembly || content is MultipartContent)
        {
            return false;
        }

        s_atOnce = type;
        return true;
    }

    /// <returns>Whether a read goes on, which then disposes the response.</returns>
    private bool Close(bool apart)
    {
        int before = Interlocked.Or(ref _state, Closed);
        if (before == Idle)
        {
            _subrequest.DisposeResponse(_response, apart);
        }

        return (before & Reading) != 0;
    }

    private void Finish(Exception? failure)
    {
        if (!_subrequest.HasLeft)
        {
            _subrequest.BodyIsDone(Volatile.Read(ref _bytes), failure);
        }
    }
}
