using System.Globalization;

namespace OutboundInterception.Benchmarks;

/// <summary>The load of the gateways: POSTs of 1 KiB with 20 headers, answered with 1 KiB.</summary>
internal sealed class GatewayClient(string gateway) : IDisposable
{
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
        for (int header = 0; header < 20; header++)
        {
            request.Headers.TryAddWithoutValidation(s_names[header], "a value of usual length");
        }

        using HttpResponseMessage response = await _client.SendAsync(request, CancellationToken.None);
        long length = await ResponseBody.ReadAsync(response.EnsureSuccessStatusCode());
        if (length != _body.Length)
        {
            throw new InvalidOperationException($"{_uri} answered with {length} bytes instead of {_body.Length}.");
        }
    }

    public void Dispose() => _client.Dispose();

    private static readonly string[] s_names = [.. Enumerable.Range(0, 20).Select(static number => string.Create(CultureInfo.InvariantCulture, $"X-Header-{number}"))];
}
