using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception;

/// <summary>
/// How the subrequests of a namespace reach the network: which addresses they may go to, how names are resolved, and
/// the bounds of the connection pool. Read once, when the pool is made.
/// </summary>
public sealed class EgressOptions
{
    /// <summary>
    /// Networks that tenants may reach although they are not public, such as the one of an internal API. An address with
    /// a zone (<c>fe80::1%eth0</c>) stays refused.
    /// </summary>
    /// <value>Default: empty; public addresses only.</value>
    public IList<IPNetwork> AllowedNetworks { get; } = [];

    /// <summary>
    /// Networks that tenants may not reach, whatever else allows them. An IPv4 network is denied in its IPv6 forms too.
    /// </summary>
    /// <value>Default: empty.</value>
    public IList<IPNetwork> DeniedNetworks { get; } = [];

    /// <summary>
    /// Endpoints that stand in for hosts, as in a hosts file: <c>Routes["api.example.com"] = "http://127.0.0.1:5081"</c>
    /// for a laptop or a test. The key is a host without a port and stands for all ports; the value is an <c>http</c> or
    /// <c>https</c> URL of host and port alone. Policy, outbound workers, <c>Host</c> header, server name and certificate
    /// check stay those of the host; only the connection goes elsewhere, and this one endpoint needs no allowed network.
    /// </summary>
    /// <value>Default: empty.</value>
    public IDictionary<string, string> Routes { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Certificate authorities that are trusted for servers beside those of the operating system, for hosts with a CA of
    /// their own. Name, dates, purpose and chain are checked alike. Missing intermediates are never downloaded.
    /// </summary>
    /// <value>Default: empty. The certificates stay the caller's to dispose, after the namespace.</value>
    public X509Certificate2Collection TrustedRoots { get; } = [];

    /// <summary>Certificates that the platform shows to servers for its tenants. Each has connections of its own.</summary>
    /// <value>Default: empty.</value>
    public IList<ClientCertificate> ClientCertificates { get; } = [];

    /// <summary>
    /// Resolves the name of a host. Called once for a new connection, or less often (<see cref="ResolutionLifetime"/>);
    /// every address of the answer is checked, and one that is refused refuses the whole answer.
    /// </summary>
    /// <value>Default: <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/>.</value>
    public Func<string, CancellationToken, ValueTask<IPAddress[]>> ResolveAsync { get; set; } =
        static (host, cancellationToken) => new ValueTask<IPAddress[]>(Dns.GetHostAddressesAsync(host, cancellationToken));

    /// <summary>
    /// How long the answer of <see cref="ResolveAsync"/> is kept for further connections to the same host. Requests on a
    /// pooled connection resolve nothing.
    /// </summary>
    /// <value>Zero (never kept) to one minute. Default: 5 seconds.</value>
    public TimeSpan ResolutionLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long resolving and connecting together may take; the TLS handshake may take as long again.</summary>
    /// <value>More than zero, at most 5 minutes. Default: 5 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a connection is used for new requests. It bounds how long a change in DNS or in the networks above goes
    /// unnoticed.
    /// </summary>
    /// <value>More than zero, at most one hour. Default: 2 minutes.</value>
    public TimeSpan PooledConnectionLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a connection is kept that nobody uses.</summary>
    /// <value>Zero (not kept) to one hour. Default: one minute.</value>
    public TimeSpan PooledConnectionIdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most HTTP/1.1 connections to one scheme, host and port; further requests wait for one. All tenants of the
    /// namespace share them, so a low bound lets one tenant's slow requests stop another's, and a missing one lets a
    /// tenant use up the machine's ports.
    /// </summary>
    /// <value>1 to 65535. Default: 256, of the roughly 28,000 local ports that Linux has for one remote endpoint.</value>
    public int MaxConnectionsPerServer { get; set; } = 256;

    /// <summary>The most that the headers of one response, informational ones included, may add up to.</summary>
    /// <value>In KiB, 1 to 1024. Default: 32.</value>
    public int MaxResponseHeadersLength { get; set; } = 32;

    /// <summary>
    /// Which compressed responses are unpacked on the way in, before outbound workers and tenants see them; what is not
    /// asked for otherwise is then asked for with <c>Accept-Encoding</c>. What a response unpacks to counts against
    /// <see cref="DispatchLimits.ResponseBytes"/>, so that a small one cannot become an endless one.
    /// </summary>
    /// <value>Default: <see cref="DecompressionMethods.None"/>; a response passes as it is.</value>
    public DecompressionMethods AutomaticDecompression { get; set; }

    /// <summary>What was wrong with the configuration that it was read from.</summary>
    internal List<string> ConfigurationProblems { get; } = [];

    /// <summary>
    /// Whether raw connections to port 25 are let out, where a tenant that is hijacked sends spam from. Policy and guard apply all the
    /// same.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowPort25 { get; set; }

    /// <summary>Says in one sentence each what is wrong, and nothing if all is well.</summary>
    internal IEnumerable<string> Validate()
    {
        // All has every bit set, also those that mean nothing.
        if (AutomaticDecompression is not DecompressionMethods.All
            && (AutomaticDecompression & ~(DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli)) != 0)
        {
            yield return $"{nameof(AutomaticDecompression)} is {AutomaticDecompression}; use None, GZip, Deflate, Brotli or All.";
        }

        if (ResolveAsync is null)
        {
            yield return $"{nameof(ResolveAsync)} must not be null.";
        }

        IEnumerable<string> problems = OptionRange.Problems(
            OptionRange.Check(nameof(ResolutionLifetime), ResolutionLifetime, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            OptionRange.Check(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(5)),
            OptionRange.Check(nameof(PooledConnectionLifetime), PooledConnectionLifetime, TimeSpan.FromTicks(1), TimeSpan.FromHours(1)),
            OptionRange.Check(nameof(PooledConnectionIdleTimeout), PooledConnectionIdleTimeout, TimeSpan.Zero, TimeSpan.FromHours(1)),
            OptionRange.Check(nameof(MaxConnectionsPerServer), MaxConnectionsPerServer, 1, 65535),
            OptionRange.Check(nameof(MaxResponseHeadersLength), MaxResponseHeadersLength, 1, 1024));
        foreach (string problem in problems)
        {
            yield return problem;
        }

        RouteTable.TryCreate(Routes, out _, out IReadOnlyList<string> routeProblems);
        foreach (string problem in (IEnumerable<string>)[.. routeProblems, .. ClientCertificates.SelectMany(static certificate => certificate.Validate()), .. ConfigurationProblems])
        {
            yield return problem;
        }
    }
}
