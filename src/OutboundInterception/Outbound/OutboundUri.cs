using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace OutboundInterception;

/// <summary>
/// The URL of a subrequest after the check that stands before policy and outbound workers. Nothing behind the check
/// looks at the URL that the tenant gave, and nothing in the check resolves a name.
/// </summary>
/// <param name="Uri">
/// The URL to go on with when there is no problem: an exact, canonical <see cref="System.Uri"/> without userinfo and
/// fragment, whose host reads as it is dialled. The given instance where that is already so.
/// </param>
/// <param name="Host">Known also where one of the strict rules refuses, so that a record can name it.</param>
/// <param name="Problem">Why the URL is refused.</param>
internal readonly record struct OutboundUri(Uri? Uri, CanonicalHost Host, OutboundUriProblem Problem)
{
    /// <summary>16 KiB: the length at which the original refuses a URL.</summary>
    public const int MaxLength = 16 * 1024;

    // A URL of these alone reads the same with and without canonicalization, if no path segment starts with a dot.
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=");

    private static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    private static readonly SearchValues<char> s_authorityEnd = SearchValues.Create("/?#\\");

    [MemberNotNullWhen(true, nameof(Uri))]
    public bool IsAccepted => Problem == OutboundUriProblem.None;

    /// <summary>One word for <see cref="Problem"/>, for records and logs.</summary>
    public string Reason => Problem switch
    {
        OutboundUriProblem.None => "ok",
        OutboundUriProblem.InvalidUri => "invalid-uri",
        OutboundUriProblem.TooLong => "too-long",
        OutboundUriProblem.Scheme => "scheme",
        OutboundUriProblem.InvalidHost => "invalid-host",
        OutboundUriProblem.Zone => "zone",
        OutboundUriProblem.ControlOrSpace => "control-or-space",
        OutboundUriProblem.Backslash => "backslash",
        OutboundUriProblem.NonAscii => "non-ascii-url",
        OutboundUriProblem.UserInfo => "userinfo",
        OutboundUriProblem.Port => "port",
        _ => "trailing-dot",
    };

    public static OutboundUri Check(Uri? uri, UrlStrictness strictness)
    {
        if (uri is null || !uri.IsAbsoluteUri)
        {
            return Refuse(OutboundUriProblem.InvalidUri);
        }

        string given = uri.OriginalString;
        if (given.Length > MaxLength)
        {
            return Refuse(OutboundUriProblem.TooLong);
        }

        bool plain = !given.AsSpan().ContainsAnyExcept(s_plain) && !given.Contains("/.", StringComparison.Ordinal);
        if (uri.GetType() != typeof(Uri) || (!plain && IsRaw(uri)))
        {
            // A derived class says what it likes in ToString and Equals; a raw one writes line breaks to the wire.
            if (!Uri.TryCreate(given, UriKind.Absolute, out uri))
            {
                return Refuse(OutboundUriProblem.InvalidUri);
            }
        }

        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            return Refuse(OutboundUriProblem.Scheme);
        }

        string idnHost;
        try
        {
            idnHost = uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return Refuse(OutboundUriProblem.InvalidHost);
        }

        CanonicalHost host = Canonicalize(idnHost, out bool isName);
        bool hasUserInfo = HasUserInfo(given);
        OutboundUriProblem problem = FindHostProblem(host, isName);
        if (problem == OutboundUriProblem.None && strictness == UrlStrictness.Strict)
        {
            problem = plain ? OutboundUriProblem.None : FindUnusual(given);
            problem = problem != OutboundUriProblem.None ? problem : FindStrictProblem(uri, hasUserInfo, idnHost);
        }

        if (problem == OutboundUriProblem.None && !plain && uri.AbsoluteUri.Length > MaxLength)
        {
            problem = OutboundUriProblem.TooLong;
        }

        if (problem != OutboundUriProblem.None)
        {
            return new OutboundUri(null, host, problem);
        }

        // A plain name that is canonical already is the host in both forms.
        bool readsAsDialled = (plain && host.Address is null && ReferenceEquals(idnHost, host.Name)) || uri.Host.AsSpan().Trim("[]").SequenceEqual(host.Name);
        bool asIs = !hasUserInfo && !given.Contains('#') && readsAsDialled;
        return new OutboundUri(asIs ? uri : Remake(uri, host), host, OutboundUriProblem.None);
    }

    /// <summary>
    /// Reads a host that is already in its ASCII form (<see cref="System.Uri.IdnHost"/>, or the name that a socket is
    /// asked to connect to).
    /// </summary>
    public static CanonicalHost Canonicalize(string host) => Canonicalize(host, out _);

    private static CanonicalHost Canonicalize(string host, out bool isName)
    {
        string name = host.EndsWith('.') ? host[..^1] : host;
        isName = !name.AsSpan().ContainsAnyExcept(s_name);
        if (!isName)
        {
            name = name.ToLowerInvariant();
            isName = !name.AsSpan().ContainsAnyExcept(s_name);
        }

        if (name.Length == 0 || (!char.IsAsciiDigit(name[0]) && !name.Contains(':')))
        {
            return new CanonicalHost(name, null);
        }

        int zone = name.IndexOf('%');
        if (zone < 0)
        {
            return IPAddress.TryParse(name, out IPAddress? address) ? new(address.ToString(), address) : new(name, null);
        }

        if (!IPAddress.TryParse(name.AsSpan(0, zone), out IPAddress? scoped) || scoped.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return new CanonicalHost(name, null);
        }

        // Also a zone that names no interface of this machine stays visible as one: it is refused for being there.
        scoped.ScopeId = uint.MaxValue;
        return new CanonicalHost(name, scoped);
    }

    private static OutboundUri Refuse(OutboundUriProblem problem) => new(null, default, problem);

    private static OutboundUriProblem FindHostProblem(in CanonicalHost host, bool isName)
    {
        if (host.Address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 })
        {
            return OutboundUriProblem.Zone;
        }

        // 253: RFC 1035, section 2.3.4, without the root's empty label. The underscore is no host name's, but DNS has it.
        return host.Address is null && !(isName && host.Name.Length is > 0 and <= 253) ? OutboundUriProblem.InvalidHost : OutboundUriProblem.None;
    }

    private static OutboundUriProblem FindUnusual(string given)
    {
        int unusual = given.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (unusual >= 0)
        {
            return given[unusual] > '\x7f' ? OutboundUriProblem.NonAscii : OutboundUriProblem.ControlOrSpace;
        }

        return given.Contains('\\') ? OutboundUriProblem.Backslash : OutboundUriProblem.None;
    }

    private static OutboundUriProblem FindStrictProblem(Uri uri, bool hasUserInfo, string idnHost)
    {
        if (hasUserInfo)
        {
            return OutboundUriProblem.UserInfo;
        }

        if (!uri.IsDefaultPort)
        {
            return OutboundUriProblem.Port;
        }

        return idnHost.EndsWith('.') ? OutboundUriProblem.TrailingDot : OutboundUriProblem.None;
    }

    // By the string, because UserInfo is empty for "https://@host/" as well.
    private static bool HasUserInfo(string given)
    {
        if (!given.Contains('@'))
        {
            return false;
        }

        ReadOnlySpan<char> rest = given.AsSpan(given.IndexOf(':') + 1).TrimStart("/\\");
        int end = rest.IndexOfAny(s_authorityEnd);
        return (end < 0 ? rest : rest[..end]).Contains('@');
    }

    // Made with UriCreationOptions.DangerousDisablePathAndQueryCanonicalization: the documented tell is that
    // GetComponents refuses path and query.
    private static bool IsRaw(Uri uri)
    {
        try
        {
            _ = uri.GetComponents(UriComponents.Path, UriFormat.UriEscaped);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static Uri Remake(Uri uri, CanonicalHost host)
    {
        string name = host.Address?.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{host.Name}]" : host.Name;
        return uri.IsDefaultPort
            ? new Uri($"{uri.Scheme}://{name}{uri.PathAndQuery}")
            : new Uri($"{uri.Scheme}://{name}:{uri.Port}{uri.PathAndQuery}");
    }
}
