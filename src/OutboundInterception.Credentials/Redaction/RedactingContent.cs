using System.Net;

namespace OutboundInterception;

/// <summary>The body of a response without the secrets that went out with its request.</summary>
internal sealed class RedactingContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly SecretPatterns _secrets;
    private readonly Action _atEnd;

    /// <param name="inner">The origin's body, which is disposed with this one.</param>
    /// <param name="secrets">What is looked for.</param>
    /// <param name="atEnd">Called when the body has been read to its end, before the reader is told so.</param>
    public RedactingContent(HttpContent inner, SecretPatterns secrets, Action atEnd)
    {
        _inner = inner;
        _secrets = secrets;
        _atEnd = atEnd;
        foreach ((string name, var values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new RedactingStream(await _inner.ReadAsStreamAsync().ConfigureAwait(false), _secrets, _atEnd);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new RedactingStream(_inner.ReadAsStream(cancellationToken), _secrets, _atEnd);

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

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
