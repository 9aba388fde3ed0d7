using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OutboundInterception.Tests.Holes;

/// <summary>Asks each client for a certificate, and answers with its name.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<string?> _clients = [];
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;

    private TlsServer(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"https://{Hosts.Allowed}:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public IReadOnlyList<string?> ClientCertificates
    {
        get
        {
            lock (_clients)
            {
                return [.. _clients];
            }
        }
    }

    public static Task<TlsServer> StartAsync(TestAuthority authority) => Task.FromResult(new TlsServer(authority.Issue(Hosts.Allowed)));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _ended.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptSocketAsync(_ended.Token));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is null or { Subject.Length: > 0 },
            },
            _ended.Token);
        string? client = stream.RemoteCertificate?.Subject;
        lock (_clients)
        {
            _clients.Add(client);
        }

        using StreamReader reader = new(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(_ended.Token) is { } line)
        {
            if (line.Length == 0)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Answer(client ?? "none")), _ended.Token);
            }
        }
    }
}
