namespace OutboundInterception;

/// <summary>An open TCP connection of one dispatch. One reader and one writer may use it at once.</summary>
public abstract class TenantSocket : IDisposable, IAsyncDisposable
{
    private protected TenantSocket()
    {
    }

    /// <summary>What it is connected to.</summary>
    public abstract SocketInfo Opened { get; }

    /// <summary>
    /// Done when the connection is closed: both sides have finished, or it was disposed. It fails when the connection broke
    /// off or the dispatch ended.
    /// </summary>
    public abstract Task Closed { get; }

    /// <summary>Reads and writes. A read of 0 bytes says that the other side has finished sending. Disposing it closes the connection.</summary>
    public abstract Stream Stream { get; }

    /// <summary>Tells the other side that nothing more will be sent; what it sends can still be read.</summary>
    /// <exception cref="NotSupportedException">What an outbound worker put in the way cannot be closed on one side only.</exception>
    public abstract Task CloseWriteAsync(CancellationToken cancellationToken = default);

    /// <summary>Begins TLS on a connection that was opened with <see cref="SecureTransport.StartTls"/>, while nothing is read or written.</summary>
    /// <param name="cancellationToken">Ends the handshake, and with it the connection.</param>
    /// <exception cref="InvalidOperationException">It was opened otherwise, or TLS has begun already.</exception>
    /// <exception cref="OutboundException">The handshake failed; the connection is closed.</exception>
    public abstract Task StartTlsAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
