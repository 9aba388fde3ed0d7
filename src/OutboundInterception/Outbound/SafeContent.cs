using System.Net;

namespace OutboundInterception;

/// <summary>The body of a response as a tenant gets it: counted, bounded by the dispatch's life, and read-only.</summary>
internal sealed class SafeContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Subrequest _subrequest;
    private int _done;
    private long _bytes;

    public SafeContent(HttpContent inner, Subrequest subrequest)
    {
        _inner = inner;
        _subrequest = subrequest;
        foreach ((string name, var values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>What is disposed with the body.</summary>
    public HttpResponseMessage? Owner { get; set; }

    /// <summary>Whether the answer has headers alone, whatever a worker put into it (RFC 9110, section 6.4.1).</summary>
    public bool HasNoBody { get; init; }

    /// <summary>Gets the origin's trailers when the body has been read.</summary>
    public HttpResponseMessage? Trailers { get; set; }

    public void Abort()
    {
        Owner?.Dispose();
        Finish(null);
    }

    public void Count(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        _subrequest.CountResponseBytes(bytes);
    }

    public void ReachedEnd()
    {
        if (Owner is { } owner && Trailers is { } safe && Volatile.Read(ref _done) == 0)
        {
            foreach ((string name, var values) in owner.TrailingHeaders.NonValidated)
            {
                if (HeaderRules.ComesBack(name))
                {
                    safe.TrailingHeaders.TryAddWithoutValidation(name, values);
                }
            }
        }

        Finish(null);
    }

    public Exception Failed(Exception exception, CancellationToken cancellationToken)
    {
        Exception told = _subrequest.TellReadFailure(exception, cancellationToken);
        Owner?.Dispose();
        Finish(told);
        return told;
    }

    public void ThrowIfUnreadable() => _subrequest.ThrowIfUnreadable();

    public CancellationToken Token => _subrequest.Token;

    protected override async Task<Stream> CreateContentReadStreamAsync()
    {
        ThrowIfUnreadable();
        return new SafeStream(HasNoBody ? Stream.Null : await _inner.ReadAsStreamAsync().ConfigureAwait(false), this);
    }

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken)
    {
        ThrowIfUnreadable();
        return new SafeStream(HasNoBody ? Stream.Null : _inner.ReadAsStream(cancellationToken), this);
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
            Abort();
        }

        base.Dispose(disposing);
    }

    private void Finish(Exception? failure)
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            _subrequest.BodyIsDone(Volatile.Read(ref _bytes), failure);
        }
    }
}
