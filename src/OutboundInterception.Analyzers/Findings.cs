using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>Gathers the findings of one body or declaration, so that one line about one type is told once.</summary>
internal sealed class Findings
{
    private readonly Dictionary<(SyntaxTree? Tree, int Line, object Subject), (Finding Finding, Location Location)> _found = [];

    /// <summary>What was found, in no order.</summary>
    public IEnumerable<(Finding Finding, Location Location)> All => _found.Values;

    /// <summary>Adds one; of several about one type in a line the one about its constructor stays, or else about a member.</summary>
    public void Add(Finding finding, Location location)
    {
        int line = location.SourceTree is { } tree ? tree.GetText().Lines.GetLinePosition(location.SourceSpan.Start).Line : 0;
        var key = (location.SourceTree, line, (object?)finding.Owner ?? finding.Name);
        if (!_found.TryGetValue(key, out (Finding Finding, Location Location) known) || Rank(finding) > Rank(known.Finding))
        {
            _found[key] = (finding, location);
        }
    }

    private static int Rank(Finding finding) =>
        finding.Name.StartsWith("new ", StringComparison.Ordinal) ? 2 : finding.Owner is { } owner && !finding.Name.EndsWith(owner.Name, StringComparison.Ordinal) ? 1 : 0;
}
