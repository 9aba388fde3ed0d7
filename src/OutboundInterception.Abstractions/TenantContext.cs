using System.Net.WebSockets;

namespace OutboundInterception;

/// <summary>What one dispatch of a tenant may use. Whatever it hands out leads through the platform's outbound workers.</summary>
/// <remarks>
/// It belongs to one dispatch. When that ends (its response body has been sent and its <see cref="WaitUntil"/> work is
/// done) every member that reaches out throws <see cref="DispatchEndedException"/>, and so does all that it handed out.
/// Safe for use by several threads. Disposing what it hands out hurts nobody else.
/// </remarks>
public abstract class TenantContext
{
    // A tenant that could derive from it could pass itself off as a dispatch.
    private protected TenantContext()
    {
    }

    /// <summary>The name under which this tenant was dispatched.</summary>
    public abstract string Tenant { get; }

    /// <summary>The namespace that the tenant belongs to.</summary>
    public abstract string Namespace { get; }

    /// <summary>What the dispatcher gave along for the tenant, by name; empty by default. Read-only.</summary>
    public abstract IReadOnlyDictionary<string, object?> Arguments { get; }

    /// <summary>
    /// A client of this dispatch's own that follows redirects. It has no timeout of its own: the dispatch's deadline
    /// bounds it, whatever <see cref="HttpClient.Timeout"/> says.
    /// </summary>
    public abstract HttpClient Http { get; }

    /// <summary>Opens raw TCP connections, where the platform lets them out.</summary>
    public abstract SocketCapability Sockets { get; }

    /// <summary>
    /// A handler for SDKs that build a client of their own (<c>new HttpClient(handler)</c>, gRPC, Refit, SignalR).
    /// Every call through it is intercepted as one through <see cref="Http"/> is.
    /// </summary>
    /// <param name="redirectMode">What it does with a redirect unless the request says otherwise.</param>
    public abstract HttpMessageHandler CreateHandler(RedirectMode redirectMode = RedirectMode.Follow);

    /// <summary>
    /// Sends a request without an <see cref="HttpClient"/> in between: cheaper, nothing buffered, done when the response
    /// headers are there. The request that the dispatch came with is sent with <see cref="RedirectMode.Manual"/> unless it
    /// says otherwise.
    /// </summary>
    /// <param name="request">An absolute <c>http</c> or <c>https</c> request. It stays the caller's and is not changed.</param>
    /// <param name="cancellationToken">Ends this call; the dispatch's own end does too.</param>
    /// <exception cref="InvalidSubrequestException">The request is not one that may be sent.</exception>
    /// <exception cref="OutboundBlockedException">The platform's policy refuses it.</exception>
    /// <exception cref="DispatchLimitException">The dispatch has used up one of its limits.</exception>
    /// <exception cref="OutboundException">An outbound worker failed, or the origin could not be reached.</exception>
    /// <exception cref="DispatchEndedException">The dispatch is over.</exception>
    public abstract Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens a WebSocket. The handshake is a subrequest that the platform's outbound workers see and may refuse.
    /// </summary>
    /// <param name="uri">An absolute <c>ws</c>, <c>wss</c>, <c>http</c> or <c>https</c> address.</param>
    /// <param name="options">Sub-protocols, headers and keep-alive; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    /// <returns>An open WebSocket, which the caller disposes. It is aborted when the dispatch ends.</returns>
    /// <exception cref="WebSocketException">The other side answered something else than an upgrade.</exception>
    /// <exception cref="OutboundBlockedException">The platform's policy refuses it.</exception>
    public abstract Task<WebSocket> ConnectWebSocketAsync(Uri uri, WebSocketConnectOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Whether a client asks with this request for a WebSocket, which <see cref="AcceptWebSocket"/> can give it.</summary>
    /// <param name="request">The request that the dispatch came with.</param>
    public static bool IsWebSocketRequest(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Method == HttpMethod.Get
            && request.Headers.Upgrade.Any(static protocol => protocol.Name.Equals("websocket", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Serves the WebSocket that a client asks for. The dispatch lasts as long as the WebSocket does, within its deadline.
    /// </summary>
    /// <param name="request">The request that the dispatch came with: see <see cref="IsWebSocketRequest"/>.</param>
    /// <param name="serve">
    /// Called once the response has been returned. The WebSocket is its own, is closed when it returns, and aborted when it
    /// throws or the dispatch ends; the token is the dispatch's.
    /// </param>
    /// <param name="options">The sub-protocol and keep-alive; <see langword="null"/> for the defaults.</param>
    /// <returns>The response to return: <c>101 Switching Protocols</c>, good for this dispatch and once.</returns>
    /// <exception cref="ArgumentException">The request is no WebSocket handshake (RFC 6455, section 4.2.1), or did not offer the sub-protocol.</exception>
    /// <exception cref="DispatchEndedException">The dispatch is over.</exception>
    public abstract HttpResponseMessage AcceptWebSocket(
        HttpRequestMessage request, Func<WebSocket, CancellationToken, Task> serve, WebSocketAcceptOptions? options = null);

    /// <summary>
    /// Keeps the dispatch alive for work that goes on after the response. The work starts at once; neither the caller's
    /// going away nor the tenant's return cancels it.
    /// </summary>
    /// <param name="work">
    /// Gets the token of background work, which is cancelled when the drain limit has passed since the response, or when
    /// the platform shuts down. Subrequests made inside it live as long as it does.
    /// </param>
    /// <exception cref="DispatchEndedException">The dispatch is over.</exception>
    public abstract void WaitUntil(Func<CancellationToken, Task> work);

    /// <summary>
    /// Names another tenant of the same namespace, where the platform allows that. Each request to it is a subrequest of this
    /// dispatch: it counts as one, takes a place until its response has been read, and ends with this dispatch.
    /// </summary>
    /// <param name="name">The tenant's name. Nothing is looked up before the first request.</param>
    /// <param name="options">What to give along; outbound parameters are the platform's to choose.</param>
    /// <exception cref="NotSupportedException">The namespace does not allow nested dispatch.</exception>
    public abstract Fetcher Dispatch(string name, NestedDispatchOptions? options = null);

    /// <summary>Makes a context for a unit test of a tenant handler: what it sends goes to <paramref name="send"/>.</summary>
    /// <param name="send">Stands for the platform; its answers reach the handler as they are.</param>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="arguments">The dispatch's arguments.</param>
    public static TestTenantContext Create(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send,
        string tenant = "test",
        IReadOnlyDictionary<string, object?>? arguments = null)
    {
        ArgumentNullException.ThrowIfNull(send);
        ArgumentNullException.ThrowIfNull(tenant);
        return new TestTenantContext(send, tenant, arguments);
    }
}
