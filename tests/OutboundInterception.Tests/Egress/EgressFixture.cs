using System.Net;

namespace OutboundInterception.Tests;

/// <summary>An <see cref="EgressHandler"/> for which every name is loopback, and loopback is allowed.</summary>
internal sealed class EgressFixture : IDisposable
{
    public EgressFixture(Action<EgressOptions>? configure = null)
    {
        EgressOptions options = new()
        {
            ResolveAsync = (host, _) =>
            {
                Resolved.Add(host);
                return new ValueTask<IPAddress[]>([IPAddress.Loopback]);
            },
        };
        options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
        configure?.Invoke(options);
        Handler = new EgressHandler(Key, options, TimeProvider.System);
        Invoker = new HttpMessageInvoker(Handler);
    }

    public EgressPoolKey Key { get; } = new("production");

    public EgressHandler Handler { get; }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>The names that were resolved; for tests with one request at a time.</summary>
    public List<string> Resolved { get; } = [];

    public EgressRequest Get(string url) => new(HttpMethod.Get, new Uri(url), Key);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        Invoker.SendAsync(request, cancellationToken);

    /// <summary>An invoker for clients that make their own message, such as a WebSocket's.</summary>
    /// <param name="asHttp">Whether <c>ws</c> becomes <c>http</c>, as in the chain of a dispatch.</param>
    public HttpMessageInvoker CreateAdapter(bool asHttp) => new(new Adapter(this, asHttp));

    public void Dispose() => Invoker.Dispose();

    private sealed class Adapter(EgressFixture fixture, bool asHttp) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string url = request.RequestUri!.AbsoluteUri;
            EgressRequest own = new(request.Method, new Uri(asHttp ? $"http{url["ws".Length..]}" : url), fixture.Key)
            {
                Content = request.Content,
                Version = request.Version,
                VersionPolicy = request.VersionPolicy,
            };
            foreach ((string name, var values) in request.Headers.NonValidated)
            {
                own.Headers.TryAddWithoutValidation(name, values);
            }

            own.Headers.Protocol = request.Headers.Protocol;
            return fixture.SendAsync(own, cancellationToken);
        }
    }
}
