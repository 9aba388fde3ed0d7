using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>What one rule asks beyond the host, compiled. Immutable.</summary>
internal sealed class PolicyRule
{
    private static readonly (SchemeSet Flag, string Name)[] s_schemes =
        [(SchemeSet.Http, "http"), (SchemeSet.Https, "https"), (SchemeSet.WebSocket, "ws"), (SchemeSet.SecureWebSocket, "wss"), (SchemeSet.Tcp, "tcp")];

    /// <summary>How many hosts a list of conditions names.</summary>
    public const int MaxNamedHosts = 20;

    private string? _reason;

    public required string Id { get; init; }

    /// <summary>Whether it stands in a deny list, where what is unknown or can be read in two ways counts against the request.</summary>
    public required bool Denies { get; init; }

    /// <summary>Of the namespace or a tenant, and the first host: for <see cref="Reason"/>.</summary>
    public required string Level { get; init; }

    public string? FirstHost { get; init; }

    /// <summary>The first hosts of several, for people.</summary>
    public string[]? FirstHosts { get; init; }

    public int HostCount { get; init; }

    public SchemeSet Schemes { get; init; }

    public int[]? Ports { get; init; }

    public string[]? Methods { get; init; }

    public PathPrefix[]? PathPrefixes { get; init; }

    public string[]? RequiredHeaders { get; init; }

    public string[]? DeniedHeaders { get; init; }

    /// <summary>Made when the rule first decides: a million rules of which ten ever do should not pay for a million texts.</summary>
    public string Reason => _reason ??= Describe();

    /// <summary>All that it asks, in one line.</summary>
    public string Conditions
    {
        get
        {
            IEnumerable<string?> parts =
            [
                FirstHosts is null ? Hosts : string.Join(", ", FirstHosts) + (HostCount > FirstHosts.Length ? $" and {HostCount - FirstHosts.Length} more" : null),
                Schemes == SchemeSet.Any ? null : string.Join(", ", s_schemes.Where(scheme => Schemes.HasFlag(scheme.Flag)).Select(static scheme => scheme.Name)),
                Ports is null ? null : $"port {string.Join(", ", Ports)}",
                Methods is null ? null : string.Join(", ", Methods),
                PathPrefixes is null ? null : string.Join(", ", PathPrefixes.Select(static prefix => prefix.ToString())),
                RequiredHeaders is null ? null : $"with header {string.Join(", ", RequiredHeaders)}",
                DeniedHeaders is null ? null : $"without header {string.Join(", ", DeniedHeaders)}",
            ];
            return string.Join("; ", parts.OfType<string>());
        }
    }

    private string Hosts => HostCount switch
    {
        0 => "any host",
        1 => FirstHost!,
        _ => $"{FirstHost} and {HostCount - 1} more",
    };

    public bool Matches(in PolicySubject subject)
        => (Schemes == SchemeSet.Any || (Schemes & subject.Schemes) != 0)
            && (Ports is null || Ports.AsSpan().Contains(subject.Port))
            && (Methods is null || MatchesMethod(subject.Method))
            && (PathPrefixes is null || MatchesPath(subject))
            && ((RequiredHeaders ?? DeniedHeaders) is null || MatchesHeaders(subject));

    private bool MatchesMethod(string? method)
    {
        if (method is null)
        {
            return Denies;
        }

        foreach (string listed in Methods!)
        {
            if (method.Equals(listed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private bool MatchesPath(in PolicySubject subject)
    {
        if (subject.IsPathUnknown)
        {
            return Denies != subject.FavoursUnknown;
        }

        if (subject.Uri is not { } uri || PathPrefix.IsAmbiguous(uri.AbsolutePath))
        {
            return Denies;
        }

        foreach (PathPrefix prefix in PathPrefixes!)
        {
            if (prefix.Covers(uri.AbsolutePath, lenient: Denies))
            {
                return true;
            }
        }

        return false;
    }

    // The demand is the same in both lists: an allow rule admits what meets it, a deny rule refuses what does not.
    private bool MatchesHeaders(in PolicySubject subject) =>
        (subject.Headers is { } headers ? Meets(headers.NonValidated) : subject.FavoursUnknown) != Denies;

    private bool Meets(HttpHeadersNonValidated headers)
    {
        foreach (string name in RequiredHeaders ?? [])
        {
            if (!headers.Contains(name))
            {
                return false;
            }
        }

        foreach (string name in DeniedHeaders ?? [])
        {
            foreach ((string sent, _) in headers)
            {
                if (HeaderRules.ReadTheSame(sent, name))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private string Describe() => $"{(Denies ? "denied" : "allowed")} by rule '{Id}' of {Level} ({Hosts})";
}
