using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using OutboundInterception.Tests;

namespace OutboundInterception.Credentials.Tests;

/// <summary>A token endpoint over loopback: token-1, token-2 and so on, each padded to the length of real ones.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private readonly RequestDelegate? _answer;
    private Origin _origin = null!;
    private int _count;

    private TokenServer(RequestDelegate? answer) => _answer = answer;

    public int Requests => Volatile.Read(ref _count);

    public ConcurrentQueue<string> Clients { get; } = new();

    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Set when the first request has come.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<TokenServer> StartAsync(RequestDelegate? answer = null, bool isOpen = true)
    {
        TokenServer server = new(answer);
        if (isOpen)
        {
            server.Open.SetResult();
        }

        server._origin = await Origin.StartAsync(server.AnswerAsync);
        return server;
    }

    public static string Token(int number) => $"token-{number}-0123456789abcdef";

    public ClientCredentialsOptions Client(string id = "client", string secret = "client-secret-0123", string? resource = null) => new()
    {
        TokenEndpoint = new Uri($"{_origin.Url}/token"),
        ClientId = id,
        ClientSecret = secret,
        Resource = resource,
    };

    public ValueTask DisposeAsync()
    {
        Open.TrySetResult();
        return _origin.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        int number = Interlocked.Increment(ref _count);
        string basic = http.Request.Headers.Authorization.FirstOrDefault() ?? "";
        Clients.Enqueue(basic.StartsWith("Basic ", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(basic[6..])) : "none");
        using StreamReader body = new(http.Request.Body);
        Bodies.Enqueue(await body.ReadToEndAsync(http.RequestAborted));
        Asked.TrySetResult();
        await Open.Task.WaitAsync(http.RequestAborted);
        if (_answer is not null)
        {
            await _answer(http);
            return;
        }

        await http.Response.WriteAsJsonAsync(new { access_token = Token(number), token_type = "Bearer", expires_in = 3600 });
    }
}
