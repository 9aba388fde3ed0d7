using System.Net.WebSockets;

namespace OutboundInterception;

/// <summary>
/// A context for unit tests of tenant handlers, made by <see cref="TenantContext.Create"/>: no server, no namespace, and
/// no way to the network other than the function that the test gave.
/// </summary>
public sealed class TestTenantContext : TenantContext
{
    private readonly Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> _send;
    private readonly List<Task> _background = [];
    private HttpClient? _http;

    internal TestTenantContext(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send,
        string tenant,
        IReadOnlyDictionary<string, object?>? arguments)
    {
        _send = send;
        Tenant = tenant;
        Arguments = arguments ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, object?>.Empty;
    }

    /// <inheritdoc/>
    public override string Tenant { get; }

    /// <inheritdoc/>
    public override string Namespace => "test";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> Arguments { get; }

    /// <inheritdoc/>
    public override HttpClient Http => _http ??= new HttpClient(CreateHandler());

    /// <summary>Completes when all that the handler gave to <see cref="WaitUntil"/> so far is done, and throws what it threw.</summary>
    public Task WhenBackgroundWorkIsDone()
    {
        lock (_background)
        {
            return Task.WhenAll(_background);
        }
    }

    /// <inheritdoc/>
    public override HttpMessageHandler CreateHandler(RedirectMode redirectMode = RedirectMode.Follow) => new DelegateHandler(_send);

    /// <inheritdoc/>
    public override Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        _send(request, cancellationToken);

    /// <summary>Not available without a platform.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Task<WebSocket> ConnectWebSocketAsync(Uri uri, WebSocketConnectOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A test context opens no WebSockets: test that part against a DispatchNamespace.");

    /// <summary>Not available without a platform.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override HttpResponseMessage AcceptWebSocket(
        HttpRequestMessage request, Func<WebSocket, CancellationToken, Task> serve, WebSocketAcceptOptions? options = null) =>
        throw new NotSupportedException("A test context serves no WebSockets: test that part against a DispatchNamespace.");

    /// <inheritdoc/>
    public override void WaitUntil(Func<CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_background)
        {
            _background.Add(work(CancellationToken.None));
        }
    }

    /// <summary>Not available without a platform.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Fetcher Dispatch(string name, NestedDispatchOptions? options = null) =>
        throw new NotSupportedException("A test context dispatches to no other tenant: test that part against a DispatchNamespace.");

    private sealed class DelegateHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            send(request, cancellationToken);

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            send(request, cancellationToken).GetAwaiter().GetResult();
    }
}
