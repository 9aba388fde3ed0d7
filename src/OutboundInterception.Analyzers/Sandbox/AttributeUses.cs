using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>Checks the attributes of a symbol, of its parameters and of what it returns.</summary>
internal static class AttributeUses
{
    /// <summary>Checks them all.</summary>
    public static void Check(ISymbol symbol, SandboxScan scan, Action<Finding, Location> report, Func<Location> location)
    {
        Check(symbol.GetAttributes(), scan, report, location);
        IEnumerable<IParameterSymbol> parameters = [];
        IEnumerable<ITypeParameterSymbol> typeParameters = [];
        switch (symbol)
        {
            case IMethodSymbol method:
                Check(method.GetReturnTypeAttributes(), scan, report, location);
                (parameters, typeParameters) = (method.Parameters, method.TypeParameters);
                break;
            case IPropertySymbol property:
                parameters = property.Parameters;
                break;
            case INamedTypeSymbol type:
                typeParameters = type.TypeParameters;
                parameters = type.DelegateInvokeMethod?.Parameters ?? [];
                break;
        }

        foreach (ISymbol part in parameters.Concat<ISymbol>(typeParameters))
        {
            Check(part.GetAttributes(), scan, report, location);
        }
    }

    /// <summary>Checks a list of attributes.</summary>
    public static void Check(IEnumerable<AttributeData> attributes, SandboxScan scan, Action<Finding, Location> report, Func<Location> location)
    {
        foreach (AttributeData attribute in attributes)
        {
            Location At() => attribute.ApplicationSyntaxReference is { } syntax ? syntax.SyntaxTree.GetLocation(syntax.Span) : location();
            scan.Mention(attribute.AttributeClass, At);
            scan.Call(attribute.AttributeConstructor, At);
            foreach (TypedConstant argument in attribute.ConstructorArguments)
            {
                Check(argument, scan, report, At);
            }

            foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
            {
                ISymbol? member = attribute.AttributeClass?.GetMembers(argument.Key).FirstOrDefault();
                scan.Call(member is IPropertySymbol property ? property.SetMethod : member, At);
                Check(argument.Value, scan, report, At);
            }
        }
    }

    private static void Check(TypedConstant constant, SandboxScan scan, Action<Finding, Location> report, Func<Location> location)
    {
        switch (constant.Kind)
        {
            case TypedConstantKind.Array when !constant.IsNull:
                foreach (TypedConstant element in constant.Values)
                {
                    Check(element, scan, report, location);
                }

                break;
            case TypedConstantKind.Type:
                scan.Mention(constant.Value as ITypeSymbol, location);
                break;
            case TypedConstantKind.Enum when IsExplicitLayout(constant):
                report(new Finding("LayoutKind.Explicit", "fields that overlap give one object the type of another"), location());
                break;
        }
    }

    // Written as a number it names no member that the policy could refuse.
    private static bool IsExplicitLayout(TypedConstant constant) =>
        constant is { Type.Name: "LayoutKind", Value: 2 };
}
