namespace OutboundInterception;

/// <summary>
/// The one list of what tenant code may use: <c>SandboxPolicy.txt</c>, read by the analyzer and by the verifier. Whatever it does
/// not list is denied. Immutable and safe for use by several threads.
/// </summary>
/// <remarks>
/// Types are asked for by the simple name of the assembly that declares them and their full name in metadata
/// (<c>Namespace.Outer`1+Nested</c>), members by their name in metadata (<c>get_X</c>, <c>.ctor</c>) and by their parameters'
/// names in metadata without type arguments (<c>System.Collections.Generic.IEnumerable`1</c>, <c>System.Char[]</c>, <c>!!0&amp;</c>).
/// This file and those beside it that bear its name are compiled for netstandard2.0 too.
/// </remarks>
internal sealed class SandboxPolicy
{
    private static readonly Lazy<SandboxPolicy> s_default = new(ReadResource);
    private static readonly SandboxVerdict s_notListed = new(SandboxEffect.Denied, "it is not on the list of what tenant code may use");

    private readonly Dictionary<string, Dictionary<string, SandboxTypeRule>> _assemblies;
    private readonly List<SandboxMemberRule> _inherited;

    internal SandboxPolicy(Dictionary<string, Dictionary<string, SandboxTypeRule>> assemblies)
    {
        _assemblies = assemblies;
        _inherited = [.. assemblies.Values.SelectMany(types => types.Values).SelectMany(type => type.Members).Where(rule => rule.IsInherited)];
    }

    /// <summary>The list that is shipped.</summary>
    public static SandboxPolicy Default => s_default.Value;

    /// <summary>Whether anything of the assembly may be used.</summary>
    public bool KnowsAssembly(string assembly) => _assemblies.ContainsKey(assembly);

    /// <summary>Whether a line speaks of the type, so that a reference to it may stand in metadata.</summary>
    public bool Knows(string assembly, string type) => Find(assembly, type) is not null;

    /// <summary>What holds for a type.</summary>
    public SandboxVerdict Check(string assembly, string type, SandboxRelation relation) =>
        Find(assembly, type) is { } rule ? rule.Check(relation) : s_notListed;

    /// <summary>What holds for a member.</summary>
    public SandboxVerdict CheckMember(string assembly, string type, string member, IReadOnlyList<string> parameters) =>
        Find(assembly, type) is { } rule ? rule.Check(member, parameters, _inherited) : s_notListed;

    /// <summary>This list with a further assembly.</summary>
    /// <exception cref="ArgumentException">The assembly is on the list already.</exception>
    public SandboxPolicy With(string assembly, Dictionary<string, SandboxTypeRule> types)
    {
        var assemblies = new Dictionary<string, Dictionary<string, SandboxTypeRule>>(_assemblies, StringComparer.Ordinal);
        if (KnowsAssembly(assembly))
        {
            throw new ArgumentException("The sandbox policy has its own list for the assembly " + assembly + ".", nameof(assembly));
        }

        assemblies.Add(assembly, types);
        return new SandboxPolicy(assemblies);
    }

    private static SandboxPolicy ReadResource()
    {
        using Stream stream = typeof(SandboxPolicy).Assembly.GetManifestResourceStream("SandboxPolicy.txt")
            ?? throw new InvalidOperationException("The resource SandboxPolicy.txt is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return SandboxPolicyReader.Read(reader);
    }

    private SandboxTypeRule? Find(string assembly, string type) =>
        _assemblies.TryGetValue(assembly, out Dictionary<string, SandboxTypeRule>? types)
            ? types.TryGetValue(type, out SandboxTypeRule? rule) || types.TryGetValue("*", out rule) ? rule : null
            : null;
}
