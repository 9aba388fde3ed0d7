using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception;

/// <summary>The connections of a namespace that show one client certificate, or none. Nothing else uses them.</summary>
internal sealed class EgressConnections : IDisposable
{
    private readonly AddressGuard _guard;
    private readonly RouteTable _routes;
    private readonly HttpMessageInvoker _direct;
    private readonly HttpMessageInvoker? _routed;

    /// <param name="options">Validated.</param>
    /// <param name="guard">Makes the connections.</param>
    /// <param name="routes">The hosts that go elsewhere.</param>
    /// <param name="certificate">What is shown, if anything.</param>
    /// <param name="connect">Instead of the guard: for a benchmark, to which a network is noise.</param>
    public EgressConnections(
        EgressOptions options,
        AddressGuard guard,
        RouteTable routes,
        X509Certificate2? certificate,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        _guard = guard;
        _routes = routes;
        _direct = new HttpMessageInvoker(EgressPool.Create(options, connect ?? guard.ConnectAsync, certificate));

        // Pools of their own: a connection to a route's endpoint never serves a host that has none.
        _routed = routes.IsEmpty ? null : new HttpMessageInvoker(EgressPool.Create(options, ConnectRoutedAsync, certificate));
    }

    public Task<HttpResponseMessage> SendAsync(ProbedRequest request, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        if (_routed is null || !_routes.TryFind(OutboundUri.Canonicalize(uri.IdnHost).Name, out RouteTarget? target))
        {
            request.EnrichMetrics();
            return _direct.SendAsync(request, cancellationToken);
        }

        if (target.IsSecure != RoutedRequest.IsSecure(uri))
        {
            return SendCopyAsync(_routed, request, target, cancellationToken);
        }

        request.EnrichMetrics();
        return _routed.SendAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        _direct.Dispose();
        _routed?.Dispose();
    }

    private static async Task<HttpResponseMessage> SendCopyAsync(
        HttpMessageInvoker routed, HttpRequestMessage request, RouteTarget target, CancellationToken cancellationToken)
    {
        ProbedRequest copy = RoutedRequest.Copy(request, target);
        copy.EnrichMetrics();
        HttpResponseMessage response = await routed.SendAsync(copy, cancellationToken).ConfigureAwait(false);
        response.RequestMessage = request;
        return response;
    }

    private ValueTask<Stream> ConnectRoutedAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        _routes.TryFind(OutboundUri.Canonicalize(context.DnsEndPoint.Host).Name, out RouteTarget? target)
            ? _guard.ConnectAsync(target, (context.InitialRequestMessage as ProbedRequest)?.Probe, cancellationToken)
            : throw new InvalidOperationException($"'{context.DnsEndPoint.Host}' has no route.");
}
