namespace OutboundInterception;

/// <summary>What a context made by <see cref="OutboundContext.Create"/> shows a worker under test.</summary>
internal sealed class TestExchange(
    DispatchOptions? options,
    Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> next,
    string tenant,
    Uri? inboundUri) : OutboundExchange
{
    public override string Tenant => tenant;

    public override string Namespace => "test";

    public override string DispatchId => "test";

    public override Uri? InboundUri => inboundUri;

    public override T Get<T>(OutboundParameter<T> parameter)
    {
        if (options?.Parameters?.LastOrDefault(value => value.Name == parameter.Name) is { Name: not null } given)
        {
            return (T)given.Value!;
        }

        return parameter.HasDefault ? (T)parameter.BoxedDefault! : throw Missing(parameter.Name);
    }

    public override object? Get(string parameter) =>
        options?.Parameters?.LastOrDefault(value => value.Name == parameter) is { Name: not null } given ? given.Value : throw Missing(parameter);

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, int position, int hop, CancellationToken cancellationToken) =>
        next(request, cancellationToken);

    public override Task<Stream> ConnectAsync(OutboundConnect connect, int position, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A test context opens no connections: test that part against a DispatchNamespace.");

    public override void WaitUntil(Func<CancellationToken, Task> work) => work(CancellationToken.None).GetAwaiter().GetResult();

    public override Fetcher Dispatch(string name, DispatchOptions? options) =>
        throw new NotSupportedException("A test context dispatches to no tenant: test that part against a DispatchNamespace.");

    private static InvalidOperationException Missing(string name) =>
        new($"The outbound parameter '{name}' was not given to OutboundContext.Create.");
}
