using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>The types that a compilation declares.</summary>
internal static class SourceTypes
{
    /// <summary>All of them, nested ones too.</summary>
    public static IEnumerable<INamedTypeSymbol> Of(Compilation compilation)
    {
        var open = new Stack<INamespaceOrTypeSymbol>();
        open.Push(compilation.Assembly.GlobalNamespace);
        while (open.Count > 0)
        {
            INamespaceOrTypeSymbol at = open.Pop();
            if (at is INamedTypeSymbol type)
            {
                yield return type;
            }

            foreach (INamespaceOrTypeSymbol member in at.GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                open.Push(member);
            }
        }
    }
}
