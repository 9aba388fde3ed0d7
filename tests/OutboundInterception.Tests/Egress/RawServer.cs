using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OutboundInterception.Tests;

/// <summary>
/// An HTTP/1.1 server on loopback that keeps each request head as it came and answers with given bytes, or does with a
/// connection what the test says.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly CancellationTokenSource _ended = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

    public RawServer(string answer = Ok)
        : this(Encoding.Latin1.GetBytes(answer))
    {
    }

    public RawServer(byte[] answer)
        : this((_, socket, cancellationToken) => socket.SendAsync(answer, cancellationToken).AsTask())
    {
    }

    /// <param name="answer">Makes the answer to a request head.</param>
    public RawServer(Func<string, string> answer)
        : this((head, socket, cancellationToken) => socket.SendAsync(Encoding.Latin1.GetBytes(answer(head)), cancellationToken).AsTask())
    {
    }

    /// <param name="answerAsync">Gets each request head, and the connection.</param>
    public RawServer(Func<string, Socket, CancellationToken, Task> answerAsync)
        : this(null, answerAsync)
    {
    }

    /// <param name="serve">Called for each connection, which is closed when it returns or throws.</param>
    public RawServer(Func<Socket, CancellationToken, Task> serve)
        : this(serve, static (_, _, _) => Task.CompletedTask)
    {
    }

    private RawServer(Func<Socket, CancellationToken, Task>? serve, Func<string, Socket, CancellationToken, Task> answerAsync)
    {
        _serve = serve ?? ((socket, cancellationToken) => AnswerAsync(socket, answerAsync, cancellationToken));
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    public IReadOnlyList<string> Heads => [.. _heads];

    /// <summary>Waits until that many request heads have come.</summary>
    public bool Received(int count) => SpinWait.SpinUntil(() => _heads.Count >= count, TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    /// <summary>A whole response.</summary>
    public static string Answer(string body, string headers = "", string status = "200 OK") =>
        $"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>A redirect.</summary>
    public static string Redirect(string location, string status = "302 Found") => Answer(string.Empty, $"Location: {location}\r\n", status);

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket = await _listener.AcceptSocketAsync(_ended.Token);
            Interlocked.Increment(ref _connections);
            _ = ServeAsync(socket);
        }
    }

    /// <summary>The next request head on a connection, or null at its end.</summary>
    public static async Task<string?> ReadHeadAsync(Socket socket, CancellationToken cancellationToken)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (await socket.ReceiveAsync(one, cancellationToken) > 0)
        {
            head.Append((char)one[0]);
            if (head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                return head.ToString();
            }
        }

        return null;
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            await _serve(socket, _ended.Token);
        }
    }

    private async Task AnswerAsync(Socket socket, Func<string, Socket, CancellationToken, Task> answerAsync, CancellationToken cancellationToken)
    {
        while (await ReadHeadAsync(socket, cancellationToken) is { } head)
        {
            _heads.Enqueue(head);
            await answerAsync(head, socket, cancellationToken);
        }
    }
}
