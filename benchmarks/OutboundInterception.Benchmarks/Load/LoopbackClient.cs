using System.Net;

namespace OutboundInterception.Benchmarks;

/// <summary>A plain, lean <see cref="HttpClient"/> that asks an origin, if need be through a proxy or a handler of its own.</summary>
internal sealed class LoopbackClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _uri;

    public LoopbackClient(string origin, string? proxy = null, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        _uri = new Uri(new Uri(origin), "/small");
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : new WebProxy(proxy),
        };
        _client = new HttpClient(wrap?.Invoke(handler) ?? handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task SendAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, _uri);
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await ResponseBody.ReadAsync(response.EnsureSuccessStatusCode());
    }

    public void Dispose() => _client.Dispose();
}
