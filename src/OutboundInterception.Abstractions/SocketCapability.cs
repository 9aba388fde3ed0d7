namespace OutboundInterception;

/// <summary>
/// The permission to open TCP connections: who holds it may, and nobody can make one. It belongs to its dispatch and ends
/// with it. Safe for use by several threads.
/// </summary>
/// <remarks>
/// In a namespace that has outbound workers it opens nothing, unless each of them handles sockets: they see HTTP requests,
/// and a raw connection would pass them by.
/// </remarks>
public sealed class SocketCapability
{
    private readonly Func<string, int, SocketConnectOptions, CancellationToken, Task<TenantSocket>> _connect;

    internal SocketCapability(Func<string, int, SocketConnectOptions, CancellationToken, Task<TenantSocket>> connect)
    {
        _connect = connect;
    }

    /// <summary>Opens a connection. It counts as a subrequest, and its bytes as those of requests and responses do.</summary>
    /// <param name="host">A name or an address, without scheme and port.</param>
    /// <param name="port">1 to 65535. Port 25 is refused unless the platform allows it.</param>
    /// <param name="options">TLS and half-close; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the opening, not what was opened.</param>
    /// <returns>An open connection, which the caller disposes. It is cut when the dispatch ends.</returns>
    /// <exception cref="RawSocketDeniedException">The namespace has outbound workers that do not handle sockets.</exception>
    /// <exception cref="OutboundBlockedException">The platform's policy refuses it.</exception>
    /// <exception cref="InvalidSubrequestException">Host or port are not valid.</exception>
    /// <exception cref="DispatchLimitException">The dispatch has used up one of its limits.</exception>
    /// <exception cref="OutboundException">It could not be opened.</exception>
    /// <exception cref="DispatchEndedException">The dispatch is over.</exception>
    public Task<TenantSocket> ConnectAsync(
        string host, int port, SocketConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        options ??= new SocketConnectOptions();
        return Enum.IsDefined(options.SecureTransport)
            ? _connect(host, port, options, cancellationToken)
            : throw new ArgumentOutOfRangeException(nameof(options), options.SecureTransport, "Use Off, On or StartTls.");
    }
}
