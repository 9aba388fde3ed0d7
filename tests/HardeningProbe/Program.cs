using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HardeningProbe;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OutboundInterception;

if (args is ["switch"])
{
    // What whoever comes first in a process can set for all.
    AppContext.SetData("System.Net.SocketsHttpHandler.MaxConnectionsPerServer", 7);
    using SocketsHttpHandler plain = new();
    Console.WriteLine($"MaxConnectionsPerServer of a plain handler: {plain.MaxConnectionsPerServer}");
    return 0;
}

if (args is ["namespace"])
{
    // What the host is told at start.
    ServiceCollection services = new();
    services.AddSingleton<ILoggerFactory, ConsoleLog>();
    services.AddDispatchNamespace("production").AddTenant("tenant", static (_, _, _) => Task.FromResult(new HttpResponseMessage()));
    await using ServiceProvider provider = services.BuildServiceProvider();
    DispatchNamespace production = provider.GetRequiredKeyedService<DispatchNamespace>("production");
    for (int round = 0; round < 3; round++)
    {
        using HttpResponseMessage answer = await production.Get("tenant").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.example.com/"));
    }

    return 0;
}

// What a tenant could do by itself in this process, one line each. Which of it works, the runtime settings decide.
// The listeners stand first: they see what begins after them.
using RequestListener events = new();
using DiagnosticObserver diagnostics = new();
using TcpListener server = new(IPAddress.Loopback, 0);
server.Start();
List<string> paths = [];
_ = ServeAsync();
string url = $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}";

using HttpClient hosts = new();
using HttpRequestMessage request = new(HttpMethod.Get, $"{url}/api?key=in-the-query");
request.Headers.Add("Authorization", "Bearer of-the-host");
using HttpResponseMessage response = await hosts.SendAsync(request);
Console.WriteLine($"EventListener saw Authorization: {events.Saw("of-the-host")}");
Console.WriteLine($"DiagnosticListener saw Authorization: {diagnostics.Saw("of-the-host")}");

try
{
    using System.Xml.XmlReader reader = System.Xml.XmlReader.Create($"{url}/xml");
    reader.Read();
}
catch (System.Xml.XmlException)
{
    // What the resolver says that fetches nothing.
}

using X509Certificate2 certificate = MakeCertificate($"{url}/issuer");
using X509Chain chain = new();
chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
chain.Build(certificate);
lock (paths)
{
    Console.WriteLine($"XmlReader fetched: {paths.Contains("/xml")}");
    Console.WriteLine($"X509Chain fetched: {paths.Contains("/issuer")}");
}

foreach (OutboundProcessGap gap in OutboundProcess.Check())
{
    Console.WriteLine($"gap: {gap.Setting} is {gap.Actual ?? "not set"}");
}

return 0;

async Task ServeAsync()
{
    while (true)
    {
        using Socket socket = await server.AcceptSocketAsync();
        byte[] buffer = new byte[4096];
        int count = await socket.ReceiveAsync(buffer);
        lock (paths)
        {
            paths.Add(Encoding.ASCII.GetString(buffer, 0, count).Split(' ', '?')[1]);
        }

        await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>"u8.ToArray());
    }
}

static X509Certificate2 MakeCertificate(string issuerUrl)
{
    using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    CertificateRequest request = new("CN=leaf", key, HashAlgorithmName.SHA256);
    request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerUrl]));
    DateTimeOffset now = TimeProvider.System.GetUtcNow();
    return request.Create(
        new X500DistinguishedName("CN=issuer"), X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
}
