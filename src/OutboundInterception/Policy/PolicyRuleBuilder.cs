namespace OutboundInterception;

/// <summary>
/// One rule: it matches a request that meets every condition which is set, and within a condition one entry is enough.
/// A condition that is not set is met by every request.
/// </summary>
/// <remarks>Checked when the policy is built, not here, so that all that is wrong is told at once.</remarks>
public sealed class PolicyRuleBuilder
{
    internal PolicyRuleBuilder()
    {
    }

    internal string? RuleId { get; private set; }

    internal List<string>? HostList { get; private set; }

    internal List<string>? SchemeList { get; private set; }

    internal List<int>? PortList { get; private set; }

    internal List<string>? MethodList { get; private set; }

    internal List<string>? PathPrefixList { get; private set; }

    internal List<string>? RequiredHeaderList { get; private set; }

    internal List<string>? DeniedHeaderList { get; private set; }

    /// <summary>Names the rule in records, log and <c>Explain</c>. Unique in the policy; by default its place in its list.</summary>
    public PolicyRuleBuilder Id(string id)
    {
        RuleId = id;
        return this;
    }

    /// <summary>
    /// The host of the URL: a name (<c>api.example.com</c>), every name below a suffix at any depth (<c>*.example.com</c>, which
    /// is neither <c>example.com</c> nor an address), an address (<c>192.0.2.1</c>, <c>2001:db8::1</c>), or <c>**</c> for every
    /// name and address. Case, one trailing dot and non-ASCII names are brought into the form that goes on the wire.
    /// </summary>
    public PolicyRuleBuilder Hosts(params IEnumerable<string> patterns)
    {
        HostList = Append(HostList, patterns);
        return this;
    }

    /// <summary>
    /// <c>http</c>, <c>https</c>, <c>ws</c>, <c>wss</c> or <c>tcp</c> for raw sockets. <c>http</c> covers <c>ws</c> too, and
    /// <c>https</c> covers <c>wss</c>.
    /// </summary>
    public PolicyRuleBuilder Schemes(params IEnumerable<string> schemes)
    {
        SchemeList = Append(SchemeList, schemes);
        return this;
    }

    /// <summary>Ports from 1 to 65535; a URL that names none has its scheme's default.</summary>
    public PolicyRuleBuilder Ports(params IEnumerable<int> ports)
    {
        PortList = Append(PortList, ports);
        return this;
    }

    /// <summary>Request methods, in any case. A raw socket has none: it meets no allow rule with methods, and every deny rule.</summary>
    public PolicyRuleBuilder Methods(params IEnumerable<string> methods)
    {
        MethodList = Append(MethodList, methods);
        return this;
    }

    /// <summary>
    /// Paths, each with all below it: <c>/v1</c> covers <c>/v1</c> and <c>/v1/orders</c>, not <c>/v10</c>. Escapes are decoded and
    /// dot segments resolved first. A path that servers read in two ways (escaped slashes, dots or percent signs, empty
    /// segments, <c>..;</c>) meets no allow rule with path prefixes, and every deny rule with them. Upper and lower case differ
    /// for allow rules only. <c>/</c> is every path.
    /// </summary>
    public PolicyRuleBuilder PathPrefixes(params IEnumerable<string> prefixes)
    {
        PathPrefixList = Append(PathPrefixList, prefixes);
        return this;
    }

    /// <summary>
    /// Request headers that must all be there: an allow rule admits only a request that has them, a deny rule refuses one
    /// that lacks any.
    /// </summary>
    public PolicyRuleBuilder RequiredHeaders(params IEnumerable<string> names)
    {
        RequiredHeaderList = Append(RequiredHeaderList, names);
        return this;
    }

    /// <summary>
    /// Request headers that must not be there: an allow rule admits only a request without them, a deny rule refuses one that
    /// has any, also one spelled as some servers read the same (<c>X_Debug</c>, <c>X.Debug</c>).
    /// </summary>
    public PolicyRuleBuilder DeniedHeaders(params IEnumerable<string> names)
    {
        DeniedHeaderList = Append(DeniedHeaderList, names);
        return this;
    }

    private static List<T> Append<T>(List<T>? list, IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        list ??= [];
        list.AddRange(items);
        return list;
    }
}
