using System.IO.Pipelines;

namespace OutboundInterception;

/// <summary>A raw connection that a tenant asks for, as outbound workers see it.</summary>
public sealed class OutboundConnect
{
    private readonly SocketExchange _exchange;
    private PipeWriter? _fromTenant;

    internal OutboundConnect(SocketExchange exchange, CanonicalHost host, int port, SecureTransport secureTransport)
    {
        _exchange = exchange;
        Canonical = host;
        Port = port;
        SecureTransport = secureTransport;
    }

    /// <summary>The host in canonical form: lower case, punycode, no trailing dot; or an address.</summary>
    public string Host => Canonical.Name;

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Whether TLS is spoken, which happens behind the last worker: workers see plain bytes.</summary>
    /// <remarks>With <see cref="SecureTransport.StartTls"/> it begins when the tenant says so, and workers see plain bytes until then.</remarks>
    public SecureTransport SecureTransport { get; }

    internal CanonicalHost Canonical { get; }

    /// <summary>The tenant's end of what is served here.</summary>
    internal Stream? Served { get; private set; }

    /// <summary>Answers the connection here: nothing goes out.</summary>
    /// <param name="serve">
    /// Reads what the tenant writes and writes what it reads. The connection ends when it returns, and fails for the tenant
    /// when it throws; the token is cancelled with the connection.
    /// </param>
    /// <returns>The tenant's end, for <see cref="IOutboundWorker.ConnectAsync"/> to return.</returns>
    /// <exception cref="InvalidOperationException">It is served already.</exception>
    public Stream Serve(Func<Stream, CancellationToken, Task> serve)
    {
        ArgumentNullException.ThrowIfNull(serve);
        if (Served is not null)
        {
            throw new InvalidOperationException("The connection is served already.");
        }

        Pipe toTenant = new();
        Pipe fromTenant = new();
        _fromTenant = fromTenant.Writer;
        Served = new DuplexStream(toTenant.Reader.AsStream(), fromTenant.Writer.AsStream());
        DuplexStream stream = new(fromTenant.Reader.AsStream(leaveOpen: true), toTenant.Writer.AsStream(leaveOpen: true));
        _ = RunAsync(serve, stream, toTenant.Writer, fromTenant.Reader);
        return Served;
    }

    /// <summary>The tenant has no more to say to what is served here.</summary>
    internal ValueTask FinishAsync() => _fromTenant!.CompleteAsync();

    private async Task RunAsync(Func<Stream, CancellationToken, Task> serve, DuplexStream stream, PipeWriter toTenant, PipeReader fromTenant)
    {
        Exception? failure = null;
        try
        {
            await serve(stream, _exchange.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It reaches the tenant's next read as a failure without its text.
            failure = exception;
        }

        await toTenant.CompleteAsync(failure).ConfigureAwait(false);
        await fromTenant.CompleteAsync(failure).ConfigureAwait(false);
    }
}
