using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception;

/// <summary>
/// Makes the handlers that own connections: with nothing of their own to say about a request, so that each byte on the
/// wire was seen by the last outbound worker.
/// </summary>
internal static class EgressPool
{
    public static SocketsHttpHandler Create(
        EgressOptions options, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect, X509Certificate2? certificate)
    {
        SslClientAuthenticationOptions tls = CreateTls(options);
        if (certificate is not null)
        {
            // Offline: else the runtime looks for the issuers of our own certificate, past every connect callback.
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);

            // A resumed session speaks for whom it was begun; the runtime keeps them for all of the process.
            tls.AllowTlsResume = false;
        }

        return new SocketsHttpHandler
        {
            // Below this point nobody sees a redirect, a cookie or a challenge; they are answered above or not at all.
            AllowAutoRedirect = false,
            UseCookies = false,
            Credentials = null,
            PreAuthenticate = false,

            // A proxy would resolve the name itself, and DefaultProxy and the environment are anybody's to set.
            UseProxy = false,
            Proxy = null,
            DefaultProxyCredentials = null,

            // None unless the host says otherwise. What a response unpacks to is what is counted.
            AutomaticDecompression = options.AutomaticDecompression,

            // Also takes away the diagnostic events, which show one tenant's requests to every listener.
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = null,
            ResponseHeaderEncodingSelector = null,

            // The guard bounds its own part with ConnectTimeout, by our clock; this one leaves TLS the same again.
            ConnectTimeout = options.ConnectTimeout * 2,
            PooledConnectionLifetime = options.PooledConnectionLifetime,
            PooledConnectionIdleTimeout = options.PooledConnectionIdleTimeout,
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            MaxResponseHeadersLength = options.MaxResponseHeadersLength,

            // Many tenants share a connection, whose streams the server counts (100 is usual).
            EnableMultipleHttp2Connections = true,

            // The rest of a body that nobody wants is not worth waiting for.
            ResponseDrainTimeout = TimeSpan.Zero,
            SslOptions = tls,
            ConnectCallback = connect,

            // Changes nothing: it is told when TLS is through.
            PlaintextStreamFilter = static (context, _) =>
            {
                (context.InitialRequestMessage as ProbedRequest)?.Probe?.Ready();
                return new ValueTask<Stream>(context.PlaintextStream);
            },
        };
    }

    /// <summary>How servers' certificates are checked. Each connection that is not the pool's own wants one of its own.</summary>
    public static SslClientAuthenticationOptions CreateTls(EgressOptions options)
    {
        SslClientAuthenticationOptions tls = new() { CertificateChainPolicy = TrustedRootsCheck.CreateChainPolicy() };
        if (options.TrustedRoots.Count > 0)
        {
            tls.RemoteCertificateValidationCallback = new TrustedRootsCheck(options.TrustedRoots).Validate;
        }

        return tls;
    }
}
