using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.Tests.Parity;

/// <summary>The origin that the recordings were made against, on Kestrel.</summary>
internal sealed class ParityOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ParityEvents _events;
    private readonly TaskCompletionSource _eightAreHere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _drip = new(0);
    private int _slow;

    private ParityOrigin(string name, ConcurrentQueue<JsonObject> requests, ParityEvents events, WebApplication app)
    {
        _events = events;
        Requests = requests;
        Name = name;
        _app = app;
    }

    public string Name { get; }

    public string Url => _app.Urls.First();

    /// <summary>Shared by both origins, for the order.</summary>
    public ConcurrentQueue<JsonObject> Requests { get; }

    public static async Task<ParityOrigin> StartAsync(string name, ConcurrentQueue<JsonObject> requests, ParityEvents events)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        WebApplication app = builder.Build();
        ParityOrigin origin = new(name, requests, events, app);
        app.UseWebSockets();
        app.Run(origin.AnswerAsync);
        await app.StartAsync();
        return origin;
    }

    /// <summary>Lets /drip send its next chunk, and /trunc break off.</summary>
    public void Drip() => _drip.Release();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/hit")
        {
            _events.Add($"hit:{http.Request.Query["m"]}");
            return;
        }

        using StreamReader reader = new(http.Request.Body);
        JsonObject seen = new()
        {
            ["origin"] = Name,
            ["method"] = http.WebSockets.IsWebSocketRequest ? "WS-UPGRADE" : http.Request.Method,
            ["url"] = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            ["rawHeaders"] = new JsonArray([.. http.Request.Headers.SelectMany(static header => header.Value.Select(value => new JsonArray(header.Key, value)))]),
            ["body"] = await reader.ReadToEndAsync(http.RequestAborted),
        };
        Requests.Enqueue(seen.DeepClone().AsObject());
        http.Response.OnStarting(() =>
        {
            // The recorded origin is Node's, which has words of its own.
            http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = http.Response.StatusCode switch
            {
                306 or 599 => "unknown",
                418 => "I'm a Teapot",
                _ => null,
            };
            return Task.CompletedTask;
        });
        await AnswerAsync(http, seen);
    }

    private async Task AnswerAsync(HttpContext http, JsonObject seen)
    {
        IHeaderDictionary headers = http.Response.Headers;
        CancellationToken gone = http.RequestAborted;
        switch (http.Request.Path.Value)
        {
            case "/echo" when http.Request.Query["floating"] == "1":
                // No answer before the caller is gone, which is what the scenario is about.
                await new TaskCompletionSource().Task.WaitAsync(gone);
                break;
            case "/echo":
                http.Response.ContentType = "application/json";
                await http.Response.StartAsync(gone);
                await http.Response.WriteAsync(seen.ToJsonString(), gone);
                break;
            case "/redir":
                http.Response.StatusCode = int.Parse(http.Request.Query["status"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
                if (http.Request.Query.ContainsKey("to"))
                {
                    headers.Location = http.Request.Query["to"];
                }

                await http.Response.StartAsync(gone);
                if (http.Response.StatusCode != 304)
                {
                    await http.Response.WriteAsync("redirect body", gone);
                }

                break;
            case "/status":
                http.Response.StatusCode = int.Parse(http.Request.Query["s"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
                await http.Response.StartAsync(gone);
                break;
            case "/slow":
                if (Interlocked.Increment(ref _slow) == 8)
                {
                    _eightAreHere.SetResult();
                }

                await _eightAreHere.Task.WaitAsync(gone);
                await http.Response.WriteAsync("slow", gone);
                break;
            case "/drip":
                await http.Response.StartAsync(gone);
                for (int chunk = 0; chunk < 50; chunk++)
                {
                    await http.Response.WriteAsync($"chunk{chunk}\n", gone);
                    await http.Response.Body.FlushAsync(gone);
                    await _drip.WaitAsync(gone);
                }

                break;
            case "/trunc":
                http.Response.ContentLength = 100;
                await http.Response.WriteAsync("only this", gone);
                await http.Response.Body.FlushAsync(gone);

                // Not before the head has arrived: a reset may overtake it.
                await _drip.WaitAsync(gone);
                http.Abort();
                break;
            case "/badhdr":
                await http.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output.WriteAsync(
                    "HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), gone);
                http.Abort();
                break;
            case "/cookies":
                headers.SetCookie = new(["a=1; Path=/", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"]);
                headers["X-Dup"] = new(["one", "two"]);
                headers["X-Mixed-Case"] = "v";
                await http.Response.StartAsync(gone);
                await http.Response.WriteAsync("cookies", gone);
                break;
            case "/latin1":
                headers["X-Latin1"] = "café";
                await http.Response.StartAsync(gone);
                await http.Response.WriteAsync("x", gone);
                break;
            case "/gzip":
                headers.ContentEncoding = "gzip";
                http.Response.ContentType = "text/plain";
                await http.Response.StartAsync(gone);
                await using (GZipStream gzip = new(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true))
                {
                    await gzip.WriteAsync("hello gzip hello gzip"u8.ToArray(), gone);
                }

                break;
            case "/big":
                await http.Response.StartAsync(gone);
                byte[] block = new byte[64 * 1024];
                for (long left = long.Parse(http.Request.Query["bytes"].ToString(), System.Globalization.CultureInfo.InvariantCulture); left > 0; left -= block.Length)
                {
                    await http.Response.Body.WriteAsync(block, gone);
                }

                break;
            case "/ws":
                using (WebSocket socket = await http.WebSockets.AcceptWebSocketAsync())
                {
                    byte[] buffer = new byte[256];
                    WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, gone);
                    string answer = "origin-echo:" + Encoding.UTF8.GetString(buffer, 0, received.Count);
                    await socket.SendAsync(Encoding.UTF8.GetBytes(answer), WebSocketMessageType.Text, true, gone);
                    await socket.ReceiveAsync(buffer, gone);
                }

                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }
}
