using System.Text;
using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>The names that the sandbox policy uses: those of metadata, without type arguments.</summary>
internal static class MetadataName
{
    /// <summary><c>Namespace.Outer`1+Nested</c>.</summary>
    public static string Of(INamedTypeSymbol type)
    {
        var name = new StringBuilder();
        Append(name, type.OriginalDefinition);
        return name.ToString();
    }

    /// <summary>The parameters of a member of metadata.</summary>
    public static IReadOnlyList<string> OfParameters(IMethodSymbol method)
    {
        if (method.Parameters.Length == 0)
        {
            return [];
        }

        string[] names = new string[method.Parameters.Length];
        for (int i = 0; i < names.Length; i++)
        {
            IParameterSymbol parameter = method.Parameters[i];
            var name = new StringBuilder();
            Append(name, parameter.Type);
            names[i] = name.Append(parameter.RefKind == RefKind.None ? "" : "&").ToString();
        }

        return names;
    }

    private static void Append(StringBuilder name, ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                Append(name, array.ElementType);
                name.Append('[').Append(',', array.Rank - 1).Append(']');
                break;
            case IPointerTypeSymbol pointer:
                Append(name, pointer.PointedAtType);
                name.Append('*');
                break;
            case ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } parameter:
                name.Append("!!").Append(parameter.Ordinal);
                break;
            case ITypeParameterSymbol parameter:
                name.Append('!').Append(Position(parameter));
                break;
            case IDynamicTypeSymbol:
                name.Append("System.Object");
                break;
            case INamedTypeSymbol named:
                AppendNamed(name, named.OriginalDefinition);
                break;
            default:
                name.Append('?');
                break;
        }
    }

    private static void AppendNamed(StringBuilder name, INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer)
        {
            AppendNamed(name, outer);
            name.Append('+');
        }
        else if (type.ContainingNamespace is { IsGlobalNamespace: false } space)
        {
            name.Append(space.ToDisplayString()).Append('.');
        }

        name.Append(type.MetadataName);
    }

    // In metadata a nested type has the type parameters of its outer types before its own.
    private static int Position(ITypeParameterSymbol parameter)
    {
        int before = 0;
        for (INamedTypeSymbol? outer = parameter.ContainingType?.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            before += outer.Arity;
        }

        return before + parameter.Ordinal;
    }
}
