using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.Tests;

/// <summary>
/// Kestrel on loopback. It answers with protocol, URL and server name of the request, echoes a body, and on a WebSocket
/// echoes one message.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<WebServer> StartAsync(
        HttpProtocols protocols = HttpProtocols.Http1,
        X509Certificate2? certificate = null,
        X509Certificate2Collection? issuers = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                // Offline: else the server itself looks for its issuers, by the URL in its certificate.
                SslStreamCertificateContext chain = SslStreamCertificateContext.Create(certificate, issuers, offline: true);
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = handshake =>
                    {
                        handshake.Connection.Items[nameof(WebServer)] = handshake.ClientHelloInfo.ServerName;
                        return new(new SslServerAuthenticationOptions { ServerCertificateContext = chain });
                    },
                });
            }
        }));
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new WebServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[64];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            return;
        }

        object? serverName = null;
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(nameof(WebServer), out serverName);
        await context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.GetEncodedUrl()} {serverName}".TrimEnd());
        await context.Request.Body.CopyToAsync(context.Response.Body);
    }
}
