using System.Net.WebSockets;

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
        _end = (subrequest?.Token ?? dispatch.Token).UnsafeRegister(static state => ((DispatchWebSocket)state!).Abort(), this);
    }

    public override WebSocketCloseStatus? CloseStatus => _inner.CloseStatus;

    public override string? CloseStatusDescription => _inner.CloseStatusDescription;

    public override WebSocketState State => _inner.State;

    public override string? SubProtocol => _inner.SubProtocol;

    public override void Abort()
    {
        _inner.Abort();
        Finish();
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        _dispatch.ThrowIfEnded();
        return _inner.CloseAsync(closeStatus, statusDescription, cancellationToken);
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        _dispatch.ThrowIfEnded();
        return _inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);
    }

    public override void Dispose()
    {
        _inner.Dispose();
        Finish();
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        _dispatch.ThrowIfEnded();
        WebSocketReceiveResult result = await _inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        Received(result.Count);
        return result;
    }

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _dispatch.ThrowIfEnded();
        ValueWebSocketReceiveResult result = await _inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        Received(result.Count);
        return result;
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Sending(buffer.Count);
        return _inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Sending(buffer.Length);
        return _inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
    }

    private void Sending(int count)
    {
        _dispatch.ThrowIfEnded();
        _subrequest?.CountRequestBytes(count);
    }

    private void Received(int count)
    {
        _bytes += count;
        _subrequest?.CountResponseBytes(count);
    }

    private void Finish()
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            _end.Dispose();
            _subrequest?.BodyIsDone(_bytes, null);
        }
    }
}
