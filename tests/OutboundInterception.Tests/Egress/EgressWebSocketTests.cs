using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OutboundInterception.Tests;

[CancelAfter(30_000)]
internal sealed class EgressWebSocketTests
{
    [Test]
    public async Task ConnectAsync_Http1_Passes([Values] bool isRouted, [Values] bool asHttp)
    {
        await using WebServer server = await WebServer.StartAsync();
        using EgressFixture egress = Fixture(server, isRouted, "http");

        string echo = await EchoAsync(egress, Url("ws", server, isRouted), HttpVersion.Version11, asHttp);

        Assert.That(echo, Is.EqualTo("hello"));
    }

    [Test]
    public async Task ConnectAsync_Http2_Passes([Values] bool isRouted, [Values] bool asHttp)
    {
        await using WebServer server = await WebServer.StartAsync(HttpProtocols.Http2);
        using EgressFixture egress = Fixture(server, isRouted, "http");

        string echo = await EchoAsync(egress, Url("ws", server, isRouted), HttpVersion.Version20, asHttp);

        Assert.That(echo, Is.EqualTo("hello"));
    }

    [TestCase("1.1", HttpProtocols.Http1, true)]
    [TestCase("1.1", HttpProtocols.Http1, false)]
    [TestCase("2.0", HttpProtocols.Http2, true)]
    [TestCase("2.0", HttpProtocols.Http2, false)]
    public async Task ConnectAsync_SecureToHttpTarget_Passes(string version, HttpProtocols protocols, bool asHttp)
    {
        await using WebServer server = await WebServer.StartAsync(protocols);
        using EgressFixture egress = Fixture(server, isRouted: true, "http");

        string echo = await EchoAsync(egress, Url("wss", server, isRouted: true), Version.Parse(version), asHttp);

        Assert.That(echo, Is.EqualTo("hello"));
    }

    [Test]
    public async Task ConnectAsync_Secure_Passes([Values] bool isRouted, [Values("1.1", "2.0")] string version, [Values] bool asHttp)
    {
        using TestAuthority authority = new();
        using X509Certificate2 certificate = authority.Issue("api.example.com");
        await using WebServer server = await WebServer.StartAsync(HttpProtocols.Http1AndHttp2, certificate);
        using EgressFixture egress = Fixture(server, isRouted, "https", authority);

        string echo = await EchoAsync(egress, Url("wss", server, isRouted), Version.Parse(version), asHttp);

        Assert.That(echo, Is.EqualTo("hello"));
    }

    private static EgressFixture Fixture(WebServer server, bool isRouted, string scheme, TestAuthority? authority = null) =>
        new(options =>
        {
            if (isRouted)
            {
                options.AllowedNetworks.Clear();
                options.Routes["api.example.com"] = $"{scheme}://127.0.0.1:{server.Port}";
            }

            if (authority is not null)
            {
                options.TrustedRoots.Add(authority.Certificate);
            }
        });

    private static Uri Url(string scheme, WebServer server, bool isRouted) =>
        new(isRouted ? $"{scheme}://api.example.com/chat" : $"{scheme}://api.example.com:{server.Port}/chat");

    private static async Task<string> EchoAsync(EgressFixture egress, Uri uri, Version version, bool asHttp)
    {
        using HttpMessageInvoker adapter = egress.CreateAdapter(asHttp);
        using ClientWebSocket socket = new();
        socket.Options.HttpVersion = version;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(uri, adapter, TestContext.CurrentContext.CancellationToken);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, TestContext.CurrentContext.CancellationToken);
        byte[] buffer = new byte[64];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, TestContext.CurrentContext.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
