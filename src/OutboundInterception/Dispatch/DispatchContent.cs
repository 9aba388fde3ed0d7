using System.IO.Pipelines;
using System.Net;

namespace OutboundInterception;

/// <summary>
/// The body of a tenant's response: when it has been read or disposed, the dispatch's foreground is over. The deadline bounds
/// it, whatever the tenant's content does, and neither the host's buffers nor its streams come into the tenant's hands.
/// </summary>
internal sealed class DispatchContent : HttpContent
{
    // As servers bound a request's. Over HTTP/2 a client gives up the whole connection, and with it other tenants' answers,
    // for headers that are longer than it takes: 64 KiB in all is usual.
    private const int MaxHeadersLength = 32 * 1024;

    private static readonly Type s_empty = new HttpResponseMessage().Content.GetType();

    private readonly HttpContent _inner;
    private readonly HttpResponseMessage _tenants;
    private readonly HttpResponseMessage _hosts;
    private readonly ActiveDispatch _dispatch;
    private int _mayBePassedOn;

    private DispatchContent(HttpContent inner, HttpResponseMessage tenants, HttpResponseMessage hosts, ActiveDispatch dispatch)
    {
        _inner = inner;
        _tenants = tenants;
        _hosts = hosts;
        _dispatch = dispatch;
        foreach ((string name, var values) in inner.Headers.NonValidated)
        {
            Headers.TryAdd(name, values);
        }
    }

    /// <summary>Whether it is a WebSocket, whose stream can be written too.</summary>
    private bool IsDuplex { get; init; }

    /// <summary>
    /// Makes the response that the host gets. The tenant may have kept its own, and put another content into it while the host reads:
    /// nothing would end that with the dispatch, and it would be lent the host's buffers.
    /// </summary>
    public static HttpResponseMessage Attach(HttpResponseMessage? response, ActiveDispatch dispatch)
    {
        if (response is null)
        {
            throw new InvalidTenantResponseException(dispatch.Tenant, "returned a null response. FetchAsync must return one.");
        }

        // Not asked for where there is none, which would make one. What is disposed takes no other, nor another status: looked at
        // only then, because the tenant may have threads of its own.
        if (response.GetType() == typeof(HttpResponseMessage) && !MessageState.MayHaveContent(response) && !MessageState.MayHaveHeaders(response))
        {
            response.Dispose();
            if (!MessageState.MayHaveContent(response) && !MessageState.MayHaveHeaders(response) && response.StatusCode >= HttpStatusCode.OK)
            {
                dispatch.EndForeground();
                return response;
            }
        }

        HttpContent content = response.Content;
        if (content is Returned || (content is DispatchContent returned && Interlocked.Exchange(ref returned._mayBePassedOn, 0) == 0))
        {
            throw new InvalidTenantResponseException(
                dispatch.Tenant, "returned a response that it had returned before. Make a new HttpResponseMessage for each dispatch.");
        }

        HttpResponseMessage hosts = response.WithoutContent(dispatch.Inbound);
        bool isDuplex = content is DispatchContent { IsDuplex: true } || (content is ServedWebSocket served && served.Start(dispatch));
        if (hosts.StatusCode < HttpStatusCode.OK && hosts.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            throw new InvalidTenantResponseException(
                dispatch.Tenant, $"returned the status {(int)hosts.StatusCode}, which is no answer yet. Return one from 200 on.");
        }

        ThrowIfTooLong(hosts.Headers.Length(), dispatch);
        if (isDuplex != (hosts.StatusCode == HttpStatusCode.SwitchingProtocols))
        {
            throw new InvalidTenantResponseException(
                dispatch.Tenant, "returned a 101 that is not as AcceptWebSocket gave it to this dispatch. Return that response once, and unchanged.");
        }

        if (content.GetType() == s_empty)
        {
            dispatch.EndForeground();
            return hosts;
        }

        try
        {
            DispatchContent made = new(content, response, hosts, dispatch) { IsDuplex = isDuplex };
            ThrowIfTooLong(hosts.Headers.Length() + made.Headers.Length(), dispatch);
            made.CopyTrailers();
            hosts.Content = made;

            response.Content = new Returned();
        }
        catch (ObjectDisposedException)
        {
            throw new InvalidTenantResponseException(dispatch.Tenant, "returned a response that it had disposed. The caller disposes it.");
        }

        return hosts;
    }

    /// <summary>Those that came with the end of the body, and were not there before.</summary>
    public void CopyTrailers()
    {
        ThrowIfTooLong(_tenants.TrailingHeaders.Length(), _dispatch);
        foreach ((string name, var values) in _tenants.TrailingHeaders.NonValidated)
        {
            if (!_hosts.TrailingHeaders.NonValidated.Contains(name))
            {
                _hosts.TrailingHeaders.TryAdd(name, values);
            }
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

        if (GivesItsStream(_inner))
        {
            return new DispatchStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), this, _dispatch);
        }

        // A content that only writes itself, or whose class is the tenant's and may never give its stream: read while it writes,
        // so that a stream of events is not held back.
        Pipe pipe = new();
        _ = PumpAsync(pipe.Writer);
        return new DispatchStream(pipe.Reader.AsStream(), this, _dispatch);
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

    private static void ThrowIfTooLong(long length, ActiveDispatch dispatch)
    {
        if (length > MaxHeadersLength)
        {
            throw new InvalidTenantResponseException(dispatch.Tenant, $"returned headers that are longer than {MaxHeadersLength:N0} bytes. Return fewer, or shorter ones.");
        }
    }

    private static bool GivesItsStream(HttpContent content)
    {
        Type type = content.GetType();
        return content is SafeContent or DispatchContent
            || type == typeof(StreamContent) || type == typeof(ByteArrayContent) || type == typeof(StringContent) || type == typeof(FormUrlEncodedContent);
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

    /// <summary>What the tenant's own message has once it has been returned. The host's content would be the tenant's to change.</summary>
    private sealed class Returned : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new InvalidOperationException("The response has been returned: its body is its reader's.");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
