using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OutboundInterception.Tests;

namespace OutboundInterception.Credentials.Tests;

/// <summary>An origin that sends back each request header that it got: in headers, reason, body and trailers.</summary>
internal sealed class Echo : IAsyncDisposable
{
    private Origin _origin = null!;

    public Origin Origin => _origin;

    /// <summary>Host and Authorization of each request, "none" where there was none.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>What is answered instead, by the number of the request.</summary>
    public Func<HttpContext, int, Task<bool>> Answers { get; init; } = static (_, _) => Task.FromResult(false);

    public static async Task<Echo> StartAsync(
        Func<HttpContext, int, Task<bool>>? answers = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        Echo echo = answers is null ? new() : new() { Answers = answers };
        echo._origin = await Origin.StartAsync(echo.AnswerAsync, protocols);
        return echo;
    }

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        string authorization = http.Request.Headers.Authorization.FirstOrDefault() ?? http.Request.Headers["X-Api-Key"].FirstOrDefault() ?? "none";
        Seen.Enqueue($"{http.Request.Host.Host} {authorization}");
        int number = Seen.Count;
        if (http.WebSockets.IsWebSocketRequest)
        {
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", http.RequestAborted);
            return;
        }

        if (await Answers(http, number))
        {
            return;
        }

        string all = string.Join(", ", http.Request.Headers.Select(header => $"{header.Key}={header.Value}"));
        http.Response.Headers["X-Echo"] = all;
        http.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = $"OK {authorization}";
        await http.Response.WriteAsync(JsonSerializer.Serialize(new { authorization, all }));

        // In two writes, in the middle of the secret.
        await http.Response.Body.FlushAsync();
        await http.Response.WriteAsync(all[..(all.Length / 2)]);
        await http.Response.Body.FlushAsync();
        await http.Response.WriteAsync(all[(all.Length / 2)..]);
        if (http.Response.SupportsTrailers())
        {
            http.Response.AppendTrailer("X-Trailer", authorization);
        }
    }
}
