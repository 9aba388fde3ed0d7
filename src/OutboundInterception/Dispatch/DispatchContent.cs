using System.Net;

namespace OutboundInterception;

/// <summary>The body of a tenant's response: when it has been read or disposed, the dispatch's foreground is over.</summary>
internal sealed class DispatchContent : HttpContent
{
    private static readonly Type s_empty = new HttpResponseMessage().Content.GetType();

    private readonly HttpContent _inner;
    private readonly ActiveDispatch _dispatch;

    private DispatchContent(HttpContent inner, ActiveDispatch dispatch)
    {
        _inner = inner;
        _dispatch = dispatch;
        foreach ((string name, var values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    public static HttpResponseMessage Attach(HttpResponseMessage? response, ActiveDispatch dispatch)
    {
        if (response is null)
        {
            throw new InvalidTenantResponseException(dispatch.Tenant, "returned a null response. FetchAsync must return one.");
        }

        if (response.Content is DispatchContent)
        {
            throw new InvalidTenantResponseException(
                dispatch.Tenant, "returned a response that it had returned before. Make a new HttpResponseMessage for each dispatch.");
        }

        if (response.Content.GetType() == s_empty)
        {
            dispatch.EndForeground();
        }
        else
        {
            response.Content = new DispatchContent(response.Content, dispatch);
        }

        return response;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await _inner.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _dispatch.EndForeground();
        }
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new DispatchStream(await _inner.ReadAsStreamAsync().ConfigureAwait(false), _dispatch);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new DispatchStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _dispatch);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _dispatch.EndForeground();
        }

        base.Dispose(disposing);
    }
}
