using System.Collections.Concurrent;
using System.Text;

namespace OutboundInterception.Tests.Diagnostics;

/// <summary>Takes what an OTLP exporter sends over HTTP, and keeps it as it came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly Origin _origin;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private OtlpReceiver(Origin origin) => _origin = origin;

    public static async Task<OtlpReceiver> StartAsync()
    {
        OtlpReceiver? receiver = null;
        Origin origin = await Origin.StartAsync(async http =>
        {
            using MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body);
            Assert.That(http.Request.ContentType, Is.EqualTo("application/x-protobuf"));
            receiver!._received.Enqueue((http.Request.Path, body.ToArray()));
        });
        return receiver = new OtlpReceiver(origin);
    }

    public Uri Endpoint(string path) => new($"{_origin.Url}{path}");

    /// <summary>All that came to a path: protobuf, whose texts are UTF-8.</summary>
    public string Text(string path) => string.Concat(_received.Where(received => received.Path == path).Select(static received => Encoding.UTF8.GetString(received.Body)));

    public ValueTask DisposeAsync() => _origin.DisposeAsync();
}
