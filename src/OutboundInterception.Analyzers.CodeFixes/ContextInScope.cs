using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>Finds the dispatch's context where a fix needs it.</summary>
internal static class ContextInScope
{
    /// <summary>The name of the parameter or local that is the context; <see langword="null"/> if there is none, or more than one.</summary>
    public static string? NameAt(SemanticModel model, SyntaxNode place)
    {
        List<string> names = [.. model.LookupSymbols(place.SpanStart)
            .Where(symbol => KnownTypes.Is((symbol as IParameterSymbol)?.Type ?? (symbol as ILocalSymbol)?.Type, KnownTypes.TenantContext))
            .Select(symbol => symbol.Name)];
        return names.Count == 1 ? names[0] : null;
    }
}
