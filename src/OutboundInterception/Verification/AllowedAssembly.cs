namespace OutboundInterception;

/// <summary>A further assembly that the host lets tenant code use, with what of it. Immutable.</summary>
/// <remarks>The verifier sees its name only: that the right assembly is loaded under that name is the host's to ensure.</remarks>
public sealed class AllowedAssembly
{
    private readonly string _name;
    private readonly List<string> _members = [];

    /// <summary>Allows what is listed of an assembly, and nothing else of it.</summary>
    /// <param name="name">The assembly's simple name.</param>
    /// <param name="members">
    /// Documentation comment identifiers: <c>T:Contoso.Client</c> allows a type (to be mentioned, derived from and implemented)
    /// with all its members; <c>M:Contoso.Client.SendAsync</c>, <c>M:Contoso.Client.#ctor</c>, <c>P:</c>, <c>F:</c> and <c>E:</c>
    /// allow a type to be mentioned and that one member to be used, in all its overloads.
    /// Nested types are joined with <c>+</c>, generic ones end in <c>`1</c>.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or a member can't be read.</exception>
    public AllowedAssembly(string name, params IEnumerable<string> members)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(members);
        _name = name;
        Rules = [];
        foreach (string member in members)
        {
            Add(member);
        }
    }

    /// <summary>The assembly's simple name.</summary>
    public string Name => _name;

    /// <summary>What tenant code may use of it, as given.</summary>
    public IReadOnlyList<string> Members => _members;

    internal Dictionary<string, SandboxTypeRule> Rules { get; }

    private void Add(string member)
    {
        _members.Add(member);
        string id = member.Length > 2 && member[1] == ':' ? member[2..] : "";
        int dot = id.LastIndexOf('.');
        if (id.Length == 0 || !"TMPFE".Contains(member[0], StringComparison.Ordinal) || (member[0] != 'T' && (dot <= 0 || id.Contains('(', StringComparison.Ordinal))))
        {
            throw new ArgumentException($"'{member}' is no identifier of the form T:Namespace.Type or M:Namespace.Type.Member (without parameters).", nameof(member));
        }

        if (member[0] == 'T')
        {
            Rules[id] = new SandboxTypeRule(true, true, true, null, "");
            return;
        }

        string type = id[..dot];
        string name = id[(dot + 1)..].Replace('#', '.');
        if (!Rules.TryGetValue(type, out SandboxTypeRule? rule))
        {
            Rules[type] = rule = new SandboxTypeRule(true, false, false, null, "");
        }

        string[] prefixes = member[0] switch { 'P' => ["get_", "set_"], 'E' => ["add_", "remove_"], _ => [""] };
        rule.Members.AddRange(prefixes.Select(prefix => new SandboxMemberRule("+", prefix + name, null, "")));
    }
}
