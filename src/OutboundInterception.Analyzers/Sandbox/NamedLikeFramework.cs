using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>
/// Attributes that the run time and the compiler know by name alone, whoever declares them
/// (<c>IgnoresAccessChecksToAttribute</c>, <c>UnsafeAccessorAttribute</c>).
/// </summary>
internal static class NamedLikeFramework
{
    /// <summary>What is wrong with a declared type's name; <see langword="null"/> if nothing is.</summary>
    public static Finding? Check(INamedTypeSymbol type)
    {
        if (!type.Name.EndsWith("Attribute", StringComparison.Ordinal) || Root(type.ContainingNamespace) is not ("System" or "Microsoft"))
        {
            return null;
        }

        return SandboxPolicy.Default.Check("System.Runtime", MetadataName.Of(type), SandboxRelation.Mention).IsAllowed
            || type.ToDisplayString() == "Microsoft.CodeAnalysis.EmbeddedAttribute"
            ? null
            : new Finding(type.ToDisplayString(), "the run time may take it for its own by its name", type);
    }

    private static string? Root(INamespaceSymbol? space)
    {
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space?.Name;
    }
}
