using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace OutboundInterception.Tests.Verification;

/// <summary>Writes C# that uses a member of the framework, given its documentation comment identifier.</summary>
internal static class NetworkApiUses
{
    /// <summary>What the uses need besides themselves.</summary>
    public const string Prelude = "#nullable disable\n#pragma warning disable\nstatic class Any<T> { public static T Value; }\n";

    /// <summary>A class that uses the member; <see langword="null"/> if C# can't name it.</summary>
    public static string? Write(ISymbol symbol, string name)
    {
        INamedTypeSymbol type = symbol.ContainingType;
        bool isProtected = symbol.DeclaredAccessibility is Accessibility.Protected or Accessibility.ProtectedOrInternal;
        if ((symbol.DeclaredAccessibility != Accessibility.Public && !isProtected) || !IsPublic(type) || (isProtected && type.IsSealed))
        {
            return null;
        }

        string owner = Name(type);
        string receiver = symbol.IsStatic ? owner : "x";
        string? use = symbol switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => isProtected || type.IsAbstract ? null : $"_ = new {owner}({Arguments(constructor.Parameters)});",
            IMethodSymbol { MethodKind: MethodKind.Ordinary } method => $"{receiver}.{method.Name}{TypeArguments(method)}({Arguments(method.Parameters)});",
            IMethodSymbol { MethodKind: MethodKind.Conversion } conversion => $"_ = ({Name(conversion.ReturnType)})Any<{Name(conversion.Parameters[0].Type)}>.Value;",
            IPropertySymbol property => Use(property, receiver),
            IEventSymbol @event => $"{receiver}.{@event.Name} += null;",
            IFieldSymbol field => $"_ = {receiver}.{field.Name};",
            _ => null,
        };

        if (use is null)
        {
            // An abstract class has a constructor for those who derive from it.
            return symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } protectedConstructor && !type.IsSealed
                ? $"abstract unsafe class {name} : {owner} {{ protected {name}() : base({Arguments(protectedConstructor.Parameters)}) {{ }} }}\n"
                : null;
        }

        string parameter = symbol.IsStatic ? "" : (isProtected ? name : owner) + " x";
        return isProtected
            ? $"abstract unsafe class {name} : {owner} {{ {Constructor(type, name)} static void Use({parameter}) {{ {use} }} }}\n"
            : $"static unsafe class {name} {{ static void Use({parameter}) {{ {use} }} }}\n";
    }

    private static string Use(IPropertySymbol property, string receiver)
    {
        string access = property.IsIndexer ? $"{receiver}[{Arguments(property.Parameters)}]" : $"{receiver}.{property.Name}";
        return property.GetMethod is { DeclaredAccessibility: Accessibility.Public or Accessibility.Protected } ? $"_ = {access};" : $"{access} = default;";
    }

    private static string Constructor(INamedTypeSymbol type, string name)
    {
        IMethodSymbol? constructor = type.InstanceConstructors.FirstOrDefault(c => c.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected);
        return constructor is null ? "" : $"protected {name}() : base({Arguments(constructor.Parameters)}) {{ }}";
    }

    private static string Arguments(IEnumerable<IParameterSymbol> parameters)
    {
        var text = new StringBuilder();
        foreach (IParameterSymbol parameter in parameters)
        {
            string type = Name(parameter.Type);
            text.Append(text.Length > 0 ? ", " : "").Append(parameter.RefKind switch
            {
                RefKind.Ref => $"ref Any<{type}>.Value",
                RefKind.Out => $"out Any<{type}>.Value",
                _ => string.Create(CultureInfo.InvariantCulture, $"default({type})"),
            });
        }

        return text.ToString();
    }

    private static string TypeArguments(IMethodSymbol method) =>
        method.IsGenericMethod ? "<" + string.Join(", ", method.TypeParameters.Select(parameter => Name(parameter))) + ">" : "";

    // Type parameters become the first type that fits them.
    private static string Name(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Length > 0 ? Name(parameter.ConstraintTypes[0]) : parameter.HasValueTypeConstraint ? "int" : "object",
        IArrayTypeSymbol array => Name(array.ElementType) + "[]",
        INamedTypeSymbol { IsGenericType: true } generic => (generic.ContainingType is null ? generic.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) : Name(generic.ContainingType))
            + "." + generic.Name + "<" + string.Join(", ", generic.TypeArguments.Select(Name)) + ">",
        _ => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
    };

    private static bool IsPublic(INamedTypeSymbol? type) => type is null || (type.DeclaredAccessibility == Accessibility.Public && IsPublic(type.ContainingType));
}
