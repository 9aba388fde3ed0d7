namespace OutboundInterception.Tests.Verification;

/// <summary>One of the two that hold the sandbox policy against tenant code.</summary>
/// <param name="Name">How the test names it.</param>
/// <param name="Check">What it says of a snippet; nothing if it lets it pass.</param>
/// <param name="Blind">Denied snippets that it cannot see, by file name, each with the reason why only another one can.</param>
internal sealed record SandboxEnforcer(string Name, Func<CorpusSnippet, IReadOnlyList<string>> Check, IReadOnlyDictionary<string, string> Blind)
{
    private static readonly Dictionary<string, string> s_leftOut = new()
    {
        ["519-is-pattern.cs"] = "the compiler emits nothing for a pattern whose result is discarded",
        ["522-default-expr.cs"] = "the compiler emits nothing for a default value that is discarded",
    };

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<SandboxEnforcer> All { get; } =
    [
        new("Analyzer", SandboxAnalysis.Check, new Dictionary<string, string>()),
        new("Verifier", Verify, s_leftOut),
    ];

    public override string ToString() => Name;

    private static IReadOnlyList<string> Verify(CorpusSnippet snippet) =>
        [.. TenantAssemblyVerifier.Verify(snippet.Assembly).Violations.Select(violation => violation.ToString())];
}
