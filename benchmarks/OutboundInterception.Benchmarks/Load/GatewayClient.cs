namespace OutboundInterception.Benchmarks;

/// <summary>The load of the gateways: POSTs of 1 KiB with the 20 headers of a browser behind a script, answered with 1 KiB.</summary>
internal sealed class GatewayClient(string gateway) : IDisposable
{
    /// <summary>What it sends beside the body. Each of the gateways passes all of them on.</summary>
    public static readonly IReadOnlyList<string> HeaderNames =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Cookie", "DNT", "Origin", "Pragma", "Priority",
        "Referer", "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "User-Agent",
        "X-CSRF-Token", "X-Requested-With",
    ];

    private readonly byte[] _body = new byte[1024];
    private readonly Uri _uri = new(new Uri(gateway), "/small");
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    public async Task SendAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _uri) { Content = new ByteArrayContent(_body) };
        foreach (string name in HeaderNames)
        {
            request.Headers.TryAddWithoutValidation(name, "a value of usual length");
        }

        using HttpResponseMessage response = await _client.SendAsync(request, CancellationToken.None);
        long length = await ResponseBody.ReadAsync(response.EnsureSuccessStatusCode());
        if (length != _body.Length)
        {
            throw new InvalidOperationException($"{_uri} answered with {length} bytes instead of {_body.Length}.");
        }
    }

    public void Dispose() => _client.Dispose();
}
