using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>Turns what builders hold into rules, and collects every problem on the way.</summary>
internal sealed class RuleCompiler
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public List<string> Problems { get; } = [];

    public RuleList? Compile(IReadOnlyList<PolicyRuleBuilder> builders, bool denies, string? tenant)
    {
        List<(PolicyRule, IReadOnlyList<HostPattern>)> rules = new(builders.Count);
        for (int i = 0; i < builders.Count; i++)
        {
            string id = builders[i].RuleId ?? $"{(tenant is null ? "" : tenant + "/")}{(denies ? "deny" : "allow")}-{i + 1}";
            rules.Add(Compile(builders[i], id, denies, tenant is null ? "the namespace" : $"tenant '{tenant}'"));
        }

        return rules.Count == 0 ? null : new RuleList(rules);
    }

    private (PolicyRule, IReadOnlyList<HostPattern>) Compile(PolicyRuleBuilder builder, string id, bool denies, string level)
    {
        string where = $"Rule '{id}' of {level}";
        if (string.IsNullOrWhiteSpace(id) || PolicyDecision.IsReserved(id))
        {
            Problems.Add($"{where}: this id is empty or means something else; choose another or leave it out.");
        }
        else if (!_ids.Add(id))
        {
            Problems.Add($"{where}: another rule has this id; ids are unique in a policy.");
        }

        bool unconditional = (builder.HostList ?? builder.SchemeList ?? builder.MethodList ?? builder.PathPrefixList
            ?? builder.RequiredHeaderList ?? builder.DeniedHeaderList) is null && builder.PortList is null;
        if (unconditional)
        {
            Problems.Add($"{where}: it has no condition; write '**' in Hosts if it is meant for every request.");
        }

        SchemeSet schemes = SchemeSet.Any;
        foreach (SchemeSet scheme in Map<string, SchemeSet>(builder.SchemeList, where, "scheme", TryParseScheme) ?? [])
        {
            schemes |= scheme;
        }

        IReadOnlyList<HostPattern> hosts = Map<string, HostPattern>(builder.HostList, where, "host", HostPattern.TryParse)
            ?? [new HostPattern(HostPatternKind.Everything, "", 0)];
        PathPrefix[]? paths = Map<string, PathPrefix>(builder.PathPrefixList, where, "path prefix", PathPrefix.TryParse);
        PolicyRule rule = new()
        {
            Id = id,
            Denies = denies,
            Level = level,
            FirstHost = builder.HostList?.FirstOrDefault(),
            FirstHosts = builder.HostList is { Count: > 1 } named ? [.. named.Take(PolicyRule.MaxNamedHosts)] : null,
            HostCount = builder.HostList?.Count ?? 0,
            Schemes = schemes,
            Ports = Map<int, int>(builder.PortList, where, "port", TryParsePort),
            Methods = Map<string, string>(builder.MethodList, where, "method", TryParseMethod),
            PathPrefixes = paths is null || paths.Any(static path => path.IsRoot) ? null : paths,
            RequiredHeaders = Map<string, string>(builder.RequiredHeaderList, where, "required header", TryParseHeader),
            DeniedHeaders = Map<string, string>(builder.DeniedHeaderList, where, "denied header", TryParseHeader),
        };
        return (rule, hosts);
    }

    private TOut[]? Map<TIn, TOut>(List<TIn>? list, string where, string what, Parser<TIn, TOut> parse)
    {
        if (list is null)
        {
            return null;
        }

        if (list.Count == 0)
        {
            Problems.Add($"{where}: its list for {what} is empty, so nothing would match; leave the list out or fill it.");
        }

        TOut[] mapped = new TOut[list.Count];
        int count = 0;
        foreach (TIn item in list)
        {
            if (parse(item, out TOut? value, out string problem))
            {
                mapped[count++] = value;
            }
            else
            {
                Problems.Add($"{where}: {what} '{item}' {problem}.");
            }
        }

        return count == mapped.Length ? mapped : mapped[..count];
    }

    private static bool TryParseScheme(string? text, out SchemeSet scheme, out string problem)
    {
        scheme = text?.ToUpperInvariant() switch
        {
            "HTTP" => SchemeSet.Http,
            "HTTPS" => SchemeSet.Https,
            "WS" => SchemeSet.WebSocket,
            "WSS" => SchemeSet.SecureWebSocket,
            "TCP" => SchemeSet.Tcp,
            _ => SchemeSet.Any,
        };
        problem = "is none that leaves here; write http, https, ws, wss or tcp, without '://'";
        return scheme != SchemeSet.Any;
    }

    private static bool TryParsePort(int text, out int port, out string problem)
    {
        port = text;
        problem = "is out of range; write 1 to 65535";
        return port is >= 1 and <= 65535;
    }

    private static bool TryParseMethod(string? text, [NotNullWhen(true)] out string? method, out string problem)
    {
        method = text;
        problem = "is no request method; write one such as GET";
        return !string.IsNullOrEmpty(text) && text.All(static character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal));
    }

    private static bool TryParseHeader(string? text, [NotNullWhen(true)] out string? name, out string problem)
    {
        name = text;
        problem = "";
        if (string.Equals(text, "Host", StringComparison.OrdinalIgnoreCase))
        {
            problem = "always follows the URL; write the host in Hosts";
            return false;
        }

        // A content header is never among the request's headers: such a rule would never see what it asks for.
        using HttpRequestMessage probe = new();
        problem = "is no header of a request (Content-Type and the like belong to the content, which a rule does not see)";
        return !string.IsNullOrEmpty(text) && probe.Headers.TryAddWithoutValidation(text, "");
    }

    private delegate bool Parser<TIn, TOut>(TIn? text, [NotNullWhen(true)] out TOut? value, out string problem);
}
