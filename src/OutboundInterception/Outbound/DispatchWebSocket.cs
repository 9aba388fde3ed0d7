using System.Net.WebSockets;
using System.Text;

namespace OutboundInterception;

/// <summary>A tenant's WebSocket: counted like a body, and over with the dispatch.</summary>
internal sealed class DispatchWebSocket : WebSocket
{
    private readonly WebSocket _inner;
    private readonly ActiveDispatch _dispatch;
    private readonly Subrequest? _subrequest;
    private readonly CancellationTokenRegistration _end;
    private long _bytes;
    private int _done;

    /// <param name="inner">Owned.</param>
    /// <param name="dispatch">The dispatch that it belongs to.</param>
    /// <param name="subrequest">Its handshake, which it ends with; none for a WebSocket that the tenant serves.</param>
    public DispatchWebSocket(WebSocket inner, ActiveDispatch dispatch, Subrequest? subrequest)
    {
        _inner = inner;
        _dispatch = dispatch;
        _subrequest = subrequest;
        _end = (subrequest?.Token ?? dispatch.EndToken).UnsafeRegister(static state => ((DispatchWebSocket)state!).Abort(), this);
    }

    public override WebSocketCloseStatus? CloseStatus => _inner.CloseStatus;

    public override string? CloseStatusDescription => _inner.CloseStatusDescription;

    public override WebSocketState State => _inner.State;

    public override string? SubProtocol => _inner.SubProtocol;

    // Then whatever the framework's own fails with, this is why.
    private bool IsOver => (_subrequest?.Token ?? _dispatch.Token).IsCancellationRequested;

    public override void Abort()
    {
        _inner.Abort();
        Finish(null);
    }

    public override async Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        Sending(Encoding.UTF8.GetByteCount(statusDescription ?? string.Empty));
        try
        {
            await _inner.CloseAsync(closeStatus, statusDescription, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (IsOver)
        {
            throw _dispatch.Cancelled(null, cancellationToken);
        }
    }

    public override async Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        Sending(Encoding.UTF8.GetByteCount(statusDescription ?? string.Empty));
        try
        {
            await _inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (IsOver)
        {
            throw _dispatch.Cancelled(null, cancellationToken);
        }
    }

    public override void Dispose()
    {
        _inner.Dispose();
        Finish(null);
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        ThrowIfUnusable();
        WebSocketReceiveResult result;
        try
        {
            result = await _inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (IsOver)
        {
            throw _dispatch.Cancelled(null, cancellationToken);
        }

        Received(result.Count);
        return result;
    }

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ThrowIfUnusable();
        ValueWebSocketReceiveResult result;
        try
        {
            result = await _inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (IsOver)
        {
            throw _dispatch.Cancelled(null, cancellationToken);
        }

        Received(result.Count);
        return result;
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Sending(buffer.Length);
        try
        {
            await _inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (IsOver)
        {
            throw _dispatch.Cancelled(null, cancellationToken);
        }
    }

    // As a body: not for what was left un-awaited once the response has been sent.
    private void ThrowIfUnusable()
    {
        if (_subrequest is null)
        {
            _dispatch.ThrowIfEnded();
        }
        else
        {
            _subrequest.ThrowIfUnreadable();
        }
    }

    private void Sending(int count)
    {
        ThrowIfUnusable();
        try
        {
            _subrequest?.CountRequestBytes(count, hop: 0);
        }
        catch (DispatchLimitException exception)
        {
            Break(exception);
            throw;
        }
    }

    private void Received(int count)
    {
        Interlocked.Add(ref _bytes, count);
        try
        {
            _subrequest?.CountResponseBytes(count);
        }
        catch (DispatchLimitException exception)
        {
            Break(exception);
            throw;
        }
    }

    /// <summary>A limit is reached: else the tenant would find the bytes in its buffer and go on.</summary>
    private void Break(DispatchLimitException exception)
    {
        _inner.Abort();
        Finish(exception);
    }

    private void Finish(Exception? failure)
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            _end.Dispose();
            _subrequest?.BodyIsDone(_bytes, failure);
        }
    }
}
