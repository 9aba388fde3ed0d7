using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>The snapshot of <see cref="EgressOptions.Routes"/>: hosts whose connections go to an endpoint of the host's choice.</summary>
internal sealed class RouteTable
{
    private static readonly SearchValues<char> s_notOfHost = SearchValues.Create("/?#@\\ ");
    private static readonly SearchValues<char> s_notOfBase = SearchValues.Create("?#@\\");

    private readonly FrozenDictionary<string, RouteTarget> _targets;

    private RouteTable(Dictionary<string, RouteTarget> targets) =>
        _targets = targets.ToFrozenDictionary(StringComparer.Ordinal);

    public bool IsEmpty => _targets.Count == 0;

    /// <exception cref="ArgumentException">A route is wrong; the message says which and how.</exception>
    public static RouteTable Create(IEnumerable<KeyValuePair<string, string>> routes) =>
        TryCreate(routes, out RouteTable? table, out IReadOnlyList<string> problems)
            ? table
            : throw new ArgumentException(string.Join(' ', problems), nameof(routes));

    public static bool TryCreate(
        IEnumerable<KeyValuePair<string, string>> routes,
        [NotNullWhen(true)] out RouteTable? table,
        out IReadOnlyList<string> problems)
    {
        List<string> found = [];
        Dictionary<string, RouteTarget> targets = new(StringComparer.Ordinal);
        foreach ((string host, string endpoint) in routes)
        {
            if (ReadHost(host) is not { } name)
            {
                found.Add($"The route of '{host}': its key must be a host alone, such as 'api.example.com', without scheme, port or wildcard.");
            }
            else if (ReadTarget(endpoint) is not { } target)
            {
                found.Add($"The route of '{host}': '{endpoint}' must be an http or https URL of host and port alone, such as 'http://127.0.0.1:5081'.");
            }
            else if (!targets.TryAdd(name, target))
            {
                found.Add($"The route of '{host}': '{name}' has a route already.");
            }
        }

        problems = found;
        table = found.Count == 0 ? new RouteTable(targets) : null;
        return table is not null;
    }

    /// <param name="host">In its canonical form.</param>
    /// <param name="target">Where its connections go.</param>
    public bool TryFind(string host, [NotNullWhen(true)] out RouteTarget? target) => _targets.TryGetValue(host, out target);

    private static string? ReadHost(string? host)
    {
        // A bare IPv6 address is taken for what it is; a URL would want brackets.
        string authority = host is not null && host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host ?? "";
        bool isHost = Uri.TryCreate($"http://{authority}/", UriKind.Absolute, out Uri? uri)
            && uri.IsDefaultPort && uri.PathAndQuery == "/" && !authority.AsSpan().ContainsAny(s_notOfHost)
            && !authority.EndsWith(':') && !authority.EndsWith(":80", StringComparison.Ordinal);
        OutboundUri check = isHost ? OutboundUri.Check(uri, UrlStrictness.Literal) : default;
        return check.Uri is not null ? check.Host.Name : null;
    }

    private static RouteTarget? ReadTarget(string? endpoint)
    {
        OutboundUri check = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri)
            ? OutboundUri.Check(uri, UrlStrictness.Literal)
            : default;
        bool isBase = check.Uri is { PathAndQuery: "/" } && !endpoint.AsSpan().ContainsAny(s_notOfBase);
        return isBase ? new RouteTarget(uri!.Scheme == Uri.UriSchemeHttps, check.Host, uri.Port) : null;
    }
}
