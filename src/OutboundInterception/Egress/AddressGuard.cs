using System.Net;
using System.Net.Sockets;

namespace OutboundInterception;

/// <summary>
/// Opens the connections of a namespace. Resolves the host once, refuses the whole answer if one address of it is
/// refused, and connects to exactly the checked addresses, so that a second answer of a rebinding name server is never
/// asked for. It decides for connections; what a request may do is decided before, because a pooled connection comes
/// by here only once.
/// </summary>
internal sealed class AddressGuard
{
    private readonly AddressRules _rules;
    private readonly ResolutionCache _resolutions;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeProvider _time;

    public AddressGuard(EgressOptions options, TimeProvider time)
    {
        _rules = new AddressRules(options);
        _resolutions = new ResolutionCache(options.ResolveAsync, options.ResolutionLifetime, options.ConnectTimeout, time);
        _connectTimeout = options.ConnectTimeout;
        _time = time;
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(OutboundUri.Canonicalize(context.DnsEndPoint.Host), context.DnsEndPoint.Port, isTrusted: false, (context.InitialRequestMessage as ProbedRequest)?.Probe, cancellationToken);

    /// <exception cref="AddressBlockedException">An address of the host is refused.</exception>
    /// <exception cref="HttpRequestException">It took too long; the inner exception is a <see cref="TimeoutException"/>.</exception>
    /// <exception cref="SocketException">The name does not resolve, or nobody answers at its addresses.</exception>
    public ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken) =>
        ConnectAsync(OutboundUri.Canonicalize(endPoint.Host), endPoint.Port, isTrusted: false, probe: null, cancellationToken);

    /// <summary>Connects to an endpoint of the host's own choice, whose addresses are not judged.</summary>
    public ValueTask<Stream> ConnectAsync(RouteTarget target, SubrequestProbe? probe, CancellationToken cancellationToken) =>
        ConnectAsync(target.Host, target.Port, isTrusted: true, probe, cancellationToken);

    /// <summary>What stands before a connection: the addresses of a host if all of them may be dialled.</summary>
    public async ValueTask<IPAddress[]> ResolveAndCheckAsync(CanonicalHost host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        foreach (IPAddress address in addresses)
        {
            if (_rules.Refuse(address) is { } reason)
            {
                throw new AddressBlockedException(host.Name, address, reason);
            }
        }

        return addresses;
    }

    private async ValueTask<Stream> ConnectAsync(
        CanonicalHost host, int port, bool isTrusted, SubrequestProbe? probe, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(_connectTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        Socket? socket = null;
        probe?.Connecting();
        try
        {
            IPAddress[] addresses = isTrusted
                ? await ResolveAsync(host, either.Token).ConfigureAwait(false)
                : await ResolveAndCheckAsync(host, either.Token).ConfigureAwait(false);

            // Never by name: the socket would resolve it again.
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(addresses, port, either.Token).ConfigureAwait(false);
            probe?.Connected(socket.RemoteEndPoint);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TooLate(host, new TimeoutException($"There was no connection within {_connectTimeout}."));
        }
        finally
        {
            socket?.Dispose();
        }
    }

    private async ValueTask<IPAddress[]> ResolveAsync(CanonicalHost host, CancellationToken cancellationToken)
    {
        if (host.Address is { } literal)
        {
            return [literal];
        }

        IPAddress[] addresses;
        try
        {
            addresses = await _resolutions.ResolveAsync(host.Name).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw TooLate(host, exception);
        }

        return addresses.Length > 0
            ? addresses
            : throw new SocketException((int)SocketError.HostNotFound, $"The host '{host.Name}' has no address.");
    }

    private static HttpRequestException TooLate(CanonicalHost host, TimeoutException inner) => new(
        HttpRequestError.ConnectionError,
        $"Connecting to '{host.Name}' took longer than {nameof(EgressOptions)}.{nameof(EgressOptions.ConnectTimeout)} allows.",
        inner);
}
