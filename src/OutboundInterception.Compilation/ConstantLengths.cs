using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OutboundInterception;

/// <summary>How long constants become that are put together of others. By name alone: of several that are called alike the longest counts.</summary>
internal sealed class ConstantLengths
{
    private const long TooLong = int.MaxValue;

    private readonly Dictionary<string, List<VariableDeclaratorSyntax>> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);

    public ConstantLengths(IEnumerable<SyntaxNode> nodes)
    {
        foreach (VariableDeclaratorSyntax declarator in nodes.OfType<VariableDeclaratorSyntax>().Where(IsConstant))
        {
            string name = declarator.Identifier.ValueText;
            if (!_constants.TryGetValue(name, out List<VariableDeclaratorSyntax>? alike))
            {
                _constants.Add(name, alike = []);
            }

            alike.Add(declarator);
        }
    }

    /// <summary>The most characters that it may have; 0 for what is no constant.</summary>
    public long Of(VariableDeclaratorSyntax declarator) => IsConstant(declarator) ? Of(declarator.Identifier.ValueText) : 0;

    private static bool IsConstant(VariableDeclaratorSyntax declarator) => declarator.Parent?.Parent switch
    {
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        _ => false,
    };

    // Without recursion: a chain of constants may be as long as the source.
    private long Of(string wanted)
    {
        Stack<string> open = new([wanted]);
        HashSet<string> visiting = new(StringComparer.Ordinal);
        while (open.TryPeek(out string? name))
        {
            if (_lengths.ContainsKey(name))
            {
                open.Pop();
                continue;
            }

            string[] parts = [.. Parts(name)];
            string[] unknown = visiting.Add(name) ? [.. parts.Where(part => !_lengths.ContainsKey(part) && !visiting.Contains(part))] : [];
            if (unknown.Length > 0)
            {
                Array.ForEach(unknown, open.Push);
                continue;
            }

            long own = _constants[name].Max(static declarator => (long)declarator.Span.Length);
            _lengths[name] = Math.Min(TooLong, own + parts.Sum(part => _lengths.GetValueOrDefault(part)));
            open.Pop();
        }

        return _lengths[wanted];
    }

    private IEnumerable<string> Parts(string name) => _constants[name]
        .SelectMany(static declarator => declarator.Initializer?.DescendantNodes() ?? [])
        .OfType<IdentifierNameSyntax>()
        .Select(static identifier => identifier.Identifier.ValueText)
        .Where(_constants.ContainsKey);
}
