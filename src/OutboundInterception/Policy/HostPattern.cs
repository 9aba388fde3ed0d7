using System.Buffers;
using System.Net;

namespace OutboundInterception;

/// <summary>What a rule says of the host, in canonical form.</summary>
/// <param name="Kind">What it matches.</param>
/// <param name="Name">The name or the suffix; empty for the other kinds.</param>
/// <param name="Address">The <see cref="AddressKey"/> of an address.</param>
internal readonly record struct HostPattern(HostPatternKind Kind, string Name, UInt128 Address)
{
    private const string BelowPrefix = "*.";

    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> s_partsOfUrl = SearchValues.Create("/:@?#\\");

    /// <summary>Parses <paramref name="text"/>, or says what is wrong with it and what to write instead.</summary>
    public static bool TryParse(string? text, out HostPattern pattern, out string problem)
    {
        pattern = default;
        problem = "";
        if (text == "**")
        {
            pattern = new HostPattern(HostPatternKind.Everything, "", 0);
            return true;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            problem = "is empty; write a name such as 'api.example.com', '*.example.com', or '**' for every host";
            return false;
        }

        bool below = text.StartsWith(BelowPrefix, StringComparison.Ordinal);
        string host = below ? text[BelowPrefix.Length..] : text;
        if (host is ['[', .., ']'] && !below)
        {
            host = host[1..^1];
        }

        CanonicalHost canonical = IsPlain(host) ? new CanonicalHost(host, null) : default;
        if (canonical.Name is null && !HostName.TryParse(host, out canonical))
        {
            problem = Problem(text);
            return false;
        }

        if (below && (canonical.Address is not null || EndsInNumber(canonical.Name)))
        {
            problem = "puts a wildcard on an address, and nothing lies below one; list the addresses that are meant, or give "
                + "networks to the address guard";
            return false;
        }

        pattern = canonical.Address is { } address
            ? new HostPattern(HostPatternKind.Address, "", AddressKey.Of(address))
            : new HostPattern(below ? HostPatternKind.Below : HostPatternKind.Exact, canonical.Name, 0);
        return true;
    }

    // Most rules are in canonical form already, and parsing a URI for each of a million takes a second.
    private static bool IsPlain(string host)
    {
        if (host.Length > 253 || host.AsSpan().ContainsAnyExcept(s_plain) || EndsInNumber(host) || host.Contains("xn--", StringComparison.Ordinal))
        {
            return false;
        }

        int label = 0;
        foreach (char character in host)
        {
            label = character == '.' ? 0 : label + 1;
            if (label > 63 || (label == 1 && character == '-'))
            {
                return false;
            }
        }

        return label > 0 && host[0] != '.' && !host.Contains("..", StringComparison.Ordinal);
    }

    // "0x7f" too: such a last label makes an address of the whole (url.spec.whatwg.org, "ends in a number").
    private static bool EndsInNumber(string host)
    {
        ReadOnlySpan<char> last = host.AsSpan(host.LastIndexOf('.') + 1);
        return last.Length == 0 || char.IsAsciiDigit(last[0]);
    }

    private static string Problem(string text)
    {
        if (text is "*")
        {
            return "would match one label only, which no rule can say; write '**' for every host, or '*.example.com'";
        }

        if (IPNetwork.TryParse(text, out _))
        {
            return "is a network; a host rule judges what the URL says, so list single addresses here and give networks to "
                + "the address guard, which judges what the name resolves to";
        }

        if (text.AsSpan().ContainsAny(s_partsOfUrl))
        {
            return "is more than a host; write the name alone, and the scheme, port and path in Schemes, Ports and PathPrefixes";
        }

        return text.Contains('*', StringComparison.Ordinal)
            ? "has a wildcard where none can be; it may only stand in front, as in '*.example.com' (any depth below), or be '**'"
            : "is no host name or address; write for example 'api.example.com', without spaces, empty labels or a second trailing dot";
    }
}
