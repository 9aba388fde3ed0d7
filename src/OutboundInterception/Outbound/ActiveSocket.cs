using System.Net.Security;
using System.Net.Sockets;

namespace OutboundInterception;

/// <summary>A tenant's connection that is open.</summary>
internal sealed class ActiveSocket : TenantSocket
{
    private readonly SocketExchange _exchange;
    private readonly OutboundConnect _connect;
    private readonly SocketStream _stream;
    private readonly bool _allowsHalfOpen;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isSecure;
    private int _sides = 2;
    private int _writeClosed;

    public ActiveSocket(SocketExchange exchange, OutboundConnect connect, Stream inner, bool allowsHalfOpen)
    {
        _exchange = exchange;
        _connect = connect;
        _allowsHalfOpen = allowsHalfOpen;
        _isSecure = connect.SecureTransport == SecureTransport.On;
        _stream = new SocketStream(this, exchange, inner);

        // Nobody has to look at it.
        _ = _closed.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override SocketInfo Opened => new(
        _exchange.Address, _isSecure ? SecureTransport.On : _connect.SecureTransport);

    public override Task Closed => _closed.Task;

    public override Stream Stream => _stream;

    public bool IsWriteClosed => Volatile.Read(ref _writeClosed) != 0;

    public override async Task CloseWriteAsync(CancellationToken cancellationToken = default)
    {
        _stream.ThrowIfUnusable();
        if (Interlocked.Exchange(ref _writeClosed, 1) != 0)
        {
            return;
        }

        try
        {
            switch (_stream.Inner)
            {
                case NetworkStream network:
                    network.Socket.Shutdown(SocketShutdown.Send);
                    break;
                case SslStream secure:
                    await secure.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case Stream served when ReferenceEquals(served, _connect.Served):
                    await _connect.FinishAsync().ConfigureAwait(false);
                    break;
                default:
                    Volatile.Write(ref _writeClosed, 0);
                    throw new NotSupportedException("The platform put something in the way of this connection that cannot be closed on one side only. Dispose it.");
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            throw Fail(exception, cancellationToken);
        }

        EndSide();
    }

    public override async Task StartTlsAsync(CancellationToken cancellationToken = default)
    {
        _stream.ThrowIfUnusable();
        if (_connect.SecureTransport != SecureTransport.StartTls || _isSecure)
        {
            throw new InvalidOperationException("TLS begins once, on a connection that was opened with SecureTransport.StartTls.");
        }

        try
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _exchange.Token);
            _stream.Inner = await _exchange.SecureAsync(_stream.Inner, either.Token).ConfigureAwait(false);
            _isSecure = true;
        }
        catch (Exception exception)
        {
            throw Fail(exception, cancellationToken);
        }
    }

    public override void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The tenant closes it, or both sides have finished.</summary>
    public void Close()
    {
        _stream.DisposeInner();
        _exchange.Finish(null);
        _closed.TrySetResult();
    }

    /// <summary>The other side has finished.</summary>
    public void ReachedEnd()
    {
        if (_allowsHalfOpen)
        {
            EndSide();
        }
        else
        {
            Close();
        }
    }

    /// <summary>The dispatch is over, or cancelled.</summary>
    public void Cut(Exception? failure)
    {
        _stream.DisposeInner();
        failure ??= _exchange.TellFailure(new OperationCanceledException(_exchange.Token), default);
        _exchange.Finish(failure);
        _closed.TrySetException(failure);
    }

    /// <summary>It broke off: what the tenant is told.</summary>
    /// <exception cref="Exception">It was closed meanwhile, and that is why.</exception>
    public Exception Fail(Exception exception, CancellationToken cancellationToken)
    {
        _stream.ThrowIfUnusable();
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            // The caller gave up one read or write, not the connection.
            return exception;
        }

        Exception told = _exchange.TellFailure(exception, cancellationToken);
        _stream.DisposeInner();
        _exchange.Finish(exception);
        _closed.TrySetException(told);
        return told;
    }

    private void EndSide()
    {
        if (Interlocked.Decrement(ref _sides) == 0)
        {
            Close();
        }
    }
}
