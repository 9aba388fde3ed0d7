using OutboundInterception.Tests.Verification;

namespace OutboundInterception.Tests.Holes;

/// <summary>
/// What nothing in the process stops once it runs: the code that does it is refused before it is loaded. That it works, if it is
/// let in, the finding says; what is compiled here is never run.
/// </summary>
public class VerifierHoleTests
{
    [TestCase("""typeof(HttpMessageInvoker).GetField("_handler", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(client)""")]
    [TestCase("Accessors.Handler(client)")]
    [TestCase("((DelegatingHandler)handler).InnerHandler")]
    public void J4_InnerHandler_Refused(string expression) => AssertRefused(expression);

    [TestCase("new HttpClient().GetStringAsync(url)")]
    [TestCase("new System.Net.WebClient().DownloadString(url)")]
    [TestCase("System.Net.WebRequest.Create(url).GetResponse()")]
    [TestCase("new HttpMessageInvoker(new SocketsHttpHandler())")]
    [TestCase("new System.Net.WebSockets.ClientWebSocket().ConnectAsync(new Uri(url), default)")]
    public void J5_ClientOfItsOwn_Refused(string expression) => AssertRefused(expression);

    [TestCase("client.GetType().GetFields((System.Reflection.BindingFlags)(-1))")]
    public void J8_FieldsOfWhatItHolds_Refused(string expression) => AssertRefused(expression);

    [TestCase("Accessors.WebClient(null!)")]
    public void J9_UnsafeAccessorType_Refused(string expression) => AssertRefused(expression);

    [TestCase("AppDomain.CurrentDomain.FirstChanceException += (_, e) => Console.WriteLine(e.Exception)", true)]
    public void K7_FirstChanceException_Refused(string statement, bool isStatement) => AssertRefused(statement, isStatement);

    [TestCase("System.Xml.XmlReader.Create(url)")]
    [TestCase("System.Xml.Linq.XDocument.Load(url)")]
    [TestCase("new System.Xml.XmlUrlResolver()")]
    [TestCase("new System.Data.DataSet().ReadXml(url)")]
    public void L1_DocumentByUrl_Refused(string expression) => AssertRefused(expression);

    [TestCase("new System.Net.Mail.SmtpClient(url)")]
    [TestCase("(System.Net.FtpWebRequest)System.Net.WebRequest.Create(url)")]
    public void L2_MailAndFtp_Refused(string expression) => AssertRefused(expression);

    [TestCase("System.Net.Dns.GetHostAddresses(url)")]
    [TestCase("new System.Net.Sockets.UdpClient()")]
    [TestCase("new System.Net.NetworkInformation.Ping().Send(url)")]
    public void L3_NameServiceAndDatagrams_Refused(string expression) => AssertRefused(expression);

    [TestCase("""new System.IO.Pipes.NamedPipeClientStream(".", "/var/run/docker.sock")""")]
    [TestCase("""new System.Net.Sockets.UnixDomainSocketEndPoint("/var/run/docker.sock")""")]
    public void L6_UnixSocket_Refused(string expression) => AssertRefused(expression);

    [TestCase("new System.Net.HttpListener()")]
    [TestCase("new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0)")]
    [TestCase("Microsoft.AspNetCore.Builder.WebApplication.Create(null)")]
    public void L7_Listener_Refused(string expression) => AssertRefused(expression);

    [Test]
    public void Verify_NothingOfTheKind_Passes() =>
        Assert.That(TenantAssemblyVerifier.Verify(Compile("client.GetStringAsync(url)", isStatement: false, hasAccessors: false)).Violations, Is.Empty);

    private static void AssertRefused(string code, bool isStatement = false) =>
        Assert.That(TenantAssemblyVerifier.Verify(Compile(code, isStatement, code.Contains("Accessors", StringComparison.Ordinal))).Violations, Is.Not.Empty);

    private static byte[] Compile(string code, bool isStatement, bool hasAccessors) => TenantCompiler.Compile(
        $$"""
        #nullable enable
        #pragma warning disable SYSLIB0014
        using System;
        using System.Net.Http;
        using System.Runtime.CompilerServices;
        public static class Shop
        {
            public static object? Act(HttpClient client, HttpMessageHandler handler, string url)
            {
                {{(isStatement ? $"{code}; return null;" : $"return {code};")}}
            }
        }
        {{(hasAccessors ? Accessors : string.Empty)}}
        """);

    private const string Accessors = """
        public static class Accessors
        {
            [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_handler")]
            public static extern ref HttpMessageHandler Handler(HttpMessageInvoker invoker);

            [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
            [return: UnsafeAccessorType("System.Net.WebClient, System.Net.WebClient")]
            public static extern object Make();

            public static object WebClient(object _) => Make();
        }
        """;
}
