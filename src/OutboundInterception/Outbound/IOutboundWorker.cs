namespace OutboundInterception;

/// <summary>The platform's code that each subrequest of a tenant goes through.</summary>
/// <remarks>
/// Several form a chain, in the order in which they were added. An instance serves all dispatches at once: what belongs
/// to one of them is in the <see cref="OutboundContext"/>. A worker that throws refuses the subrequest; the tenant gets an
/// <see cref="OutboundException"/> without the text.
/// </remarks>
public interface IOutboundWorker
{
    /// <summary>
    /// Sees one subrequest: each redirect hop and each WebSocket handshake (a <c>GET</c> with <c>Upgrade: websocket</c>) is one.
    /// </summary>
    /// <param name="request">
    /// The worker's own copy, which it may change or replace; the tenant never sees it. Decide on
    /// <see cref="HttpRequestMessage.RequestUri"/>.
    /// </param>
    /// <param name="context">The dispatch's parameters, and the way on.</param>
    /// <param name="cancellationToken">Cancelled with the subrequest.</param>
    /// <returns>
    /// <see cref="OutboundContext.SendAsync"/>'s response, or one of its own. Return its task without awaiting it where the
    /// response is of no interest: that costs nothing.
    /// </returns>
    Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Sees one raw connection that the policy lets pass. Denies it unless it is overridden: a worker that looks at requests
    /// does not see what goes over a socket.
    /// </summary>
    /// <param name="connect">Where to, and the way to serve it here.</param>
    /// <param name="context">The dispatch's parameters, and the way on.</param>
    /// <param name="cancellationToken">Cancelled with the connect.</param>
    /// <returns>
    /// <see cref="OutboundContext.ConnectAsync"/>'s connection, a stream around it, or <see cref="OutboundConnect.Serve"/>'s. To refuse, throw: the
    /// tenant gets a failure, never a socket that is open and empty.
    /// </returns>
    Task<Stream> ConnectAsync(OutboundConnect connect, OutboundContext context, CancellationToken cancellationToken) =>
        Task.FromException<Stream>(new RawSocketDeniedException(context.Namespace));
}
