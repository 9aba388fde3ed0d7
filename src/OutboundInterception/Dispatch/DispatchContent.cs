using System.IO.Pipelines;
using System.Net;

namespace OutboundInterception;

/// <summary>
/// The body of a tenant's response: when it has been read or disposed, the dispatch's foreground is over. The deadline bounds
/// it, whatever the tenant's content does, and neither the host's buffers nor its streams come into the tenant's hands.
/// </summary>
internal sealed class DispatchContent : HttpContent
{
    private static readonly Type s_empty = new HttpResponseMessage().Content.GetType();

    private readonly HttpContent _inner;
    private readonly ActiveDispatch _dispatch;
    private int _mayBePassedOn;

    private DispatchContent(HttpContent inner, ActiveDispatch dispatch)
    {
        _inner = inner;
        _dispatch = dispatch;
        foreach ((string name, var values) in inner.Headers.NonValidated)
        {
            Headers.TryAdd(name, values);
        }
    }

    /// <summary>Whether it is a WebSocket, whose stream can be written too.</summary>
    private bool IsDuplex { get; init; }

    public static void Attach(HttpResponseMessage? response, ActiveDispatch dispatch)
    {
        if (response is null)
        {
            throw new InvalidTenantResponseException(dispatch.Tenant, "returned a null response. FetchAsync must return one.");
        }

        if (response.Content is DispatchContent returned && Interlocked.Exchange(ref returned._mayBePassedOn, 0) == 0)
        {
            throw new InvalidTenantResponseException(
                dispatch.Tenant, "returned a response that it had returned before. Make a new HttpResponseMessage for each dispatch.");
        }

        bool isDuplex = response.Content is DispatchContent { IsDuplex: true } || (response.Content is ServedWebSocket served && served.Start(dispatch));
        if (isDuplex != (response.StatusCode == HttpStatusCode.SwitchingProtocols))
        {
            throw new InvalidTenantResponseException(
                dispatch.Tenant, "returned a 101 that is not as AcceptWebSocket gave it to this dispatch. Return that response once, and unchanged.");
        }

        if (response.Content.GetType() == s_empty)
        {
            dispatch.EndForeground();
            return;
        }

        try
        {
            response.Content = new DispatchContent(response.Content, dispatch) { IsDuplex = isDuplex };
        }
        catch (ObjectDisposedException)
        {
            throw new InvalidTenantResponseException(dispatch.Tenant, "returned a response that it had disposed. The caller disposes it.");
        }
    }

    /// <summary>Lets the tenant that called this one return its response, once.</summary>
    public void AllowPassingOn() => Volatile.Write(ref _mayBePassedOn, 1);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Stream body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        if (IsDuplex)
        {
            Stream duplex = await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new DuplexStream(duplex, duplex, _dispatch.EndForeground);
        }

        if (_inner is StreamContent or ByteArrayContent or SafeContent or DispatchContent)
        {
            return new DispatchStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _dispatch);
        }

        // A content that only writes itself: read while it writes, so that a stream of events is not held back.
        Pipe pipe = new();
        _ = PumpAsync(pipe.Writer);
        return new DispatchStream(pipe.Reader.AsStream(), _dispatch);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _inner.Dispose();
            }
            finally
            {
                _dispatch.EndForeground();
            }
        }

        base.Dispose(disposing);
    }

    private async Task PumpAsync(PipeWriter writer)
    {
        Exception? failure = null;
        try
        {
            await _inner.CopyToAsync(writer.AsStream(leaveOpen: true), _dispatch.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The reader gets it.
            failure = exception;
        }

        await writer.CompleteAsync(failure).ConfigureAwait(false);
    }
}
