using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OutboundInterception.Analyzers;

/// <summary>Checks what a declaration names: base types, signatures, constraints; and what it may not be.</summary>
internal static class DeclarationUses
{
    /// <summary>Checks one declared symbol.</summary>
    public static void Check(ISymbol symbol, SandboxJudge judge, SandboxScan scan, Action<Finding, Location> report)
    {
        Location At() => symbol.Locations.FirstOrDefault() ?? Location.None;
        if (symbol.ContainingType is { IsExtension: true, ExtensionParameter: { } receiver })
        {
            scan.Mention(receiver.Type, At);
        }

        switch (symbol)
        {
            case INamedTypeSymbol type:
                CheckType(type, judge, scan, report, At);
                break;
            case IMethodSymbol method:
                scan.Signature(method, At);
                if (method is { IsExtern: true, PartialImplementationPart: null })
                {
                    report(new Finding("extern", "its body is native, or the run time's"), At());
                }

                break;
            case IPropertySymbol property:
                scan.Mention(property.Type, At);
                foreach (IParameterSymbol parameter in property.Parameters)
                {
                    scan.Mention(parameter.Type, At);
                }

                break;
            case IFieldSymbol field:
                CheckField(field, scan, report, At);
                break;
            case IEventSymbol @event:
                scan.Mention(@event.Type, At);
                break;
        }
    }

    private static void CheckField(IFieldSymbol field, SandboxScan scan, Action<Finding, Location> report, Func<Location> location)
    {
        // The field behind a property or event is its own symbol's affair; a constant of the JSON generator is inlined where it is used.
        if (field.AssociatedSymbol is not null || IsGeneratedConstant(field))
        {
            return;
        }

        scan.Mention(field.Type, location);
        if (field.IsFixedSizeBuffer)
        {
            report(new Finding("fixed", "pointers reach all memory"), location());
        }
    }

    private static bool IsGeneratedConstant(IFieldSymbol field) =>
        field is { IsConst: true, DeclaredAccessibility: Accessibility.Private, Type: { Name: "BindingFlags", ContainingNamespace.Name: "Reflection" } };

    private static void CheckType(INamedTypeSymbol type, SandboxJudge judge, SandboxScan scan, Action<Finding, Location> report, Func<Location> location)
    {
        scan.Constraints(type.TypeParameters, location);
        if (type.DelegateInvokeMethod is { } invoke)
        {
            scan.Signature(invoke, location);
        }

        if (NamedLikeFramework.Check(type) is { } named)
        {
            report(named, location());
        }

        if (type.TypeKind == TypeKind.Class && type.BaseType is { } parent)
        {
            scan.Mention(parent, location);
            Inherited(parent, judge, report, location);
            CheckImplicitConstructorCall(type, parent, scan, location);
        }

        foreach (INamedTypeSymbol contract in type.Interfaces)
        {
            scan.Mention(contract, location);
            Inherited(contract, judge, report, location);
        }
    }

    private static void Inherited(INamedTypeSymbol parent, SandboxJudge judge, Action<Finding, Location> report, Func<Location> location)
    {
        if (judge.Inherit(parent) is { } finding)
        {
            report(finding, location());
        }
    }

    // No operation shows base() where the source does not write it.
    private static void CheckImplicitConstructorCall(INamedTypeSymbol type, INamedTypeSymbol parent, SandboxScan scan, Func<Location> location)
    {
        if (type.InstanceConstructors.Any(constructor => constructor.DeclaringSyntaxReferences.All(syntax => !WritesBase(syntax.GetSyntax()))))
        {
            scan.Call(parent.InstanceConstructors.FirstOrDefault(constructor => constructor.Parameters.All(parameter => parameter.IsOptional)), location);
        }
    }

    private static bool WritesBase(SyntaxNode declaration) => declaration switch
    {
        ConstructorDeclarationSyntax constructor => constructor.Initializer is not null,
        TypeDeclarationSyntax { BaseList: { } bases } => bases.Types.Any(type => type is PrimaryConstructorBaseTypeSyntax),
        _ => false,
    };
}
