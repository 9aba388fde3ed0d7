using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>
/// The shapes in which source code may use what the policy leaves to compilers: those of the framework's own source
/// generators, whose output is source. Written by hand they reach no further.
/// </summary>
internal sealed class GeneratedShapes(TypeMaking making)
{
    /// <summary>Whether a use has the shape that its line in the policy names.</summary>
    public bool Allow(Finding finding, IOperation operation) => finding.Shape switch
    {
        "null-literal" => operation is IPropertyReferenceOperation { Parent: ISimpleAssignmentOperation { Value: { ConstantValue: { HasValue: true, Value: null } } } },
        "json-context" => IsJsonContext(operation),
        "regex-timeout" => IsRegexTimeout(operation),
        "json-metadata" => IsJsonMetadata(operation),
        _ => false,
    };

    private static bool IsRegexTimeout(IOperation operation) =>
        operation is IInvocationOperation { Arguments.Length: 1 } call
        && call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: "REGEX_DEFAULT_MATCH_TIMEOUT" };

    // values.AttributeProviderFactory = static () => typeof(T).GetProperty(…): the result goes to the serializer and nowhere
    // else. The flags that it passes are a constant of the generated class.
    private static bool IsJsonMetadata(IOperation operation)
    {
        for (IOperation? at = operation; at is not null; at = at.Parent)
        {
            if ((at is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { } property } } && IsFactory(property))
                || at is IFieldInitializerOperation { InitializedFields: { Length: 1 } fields } && fields[0].IsConst)
            {
                return true;
            }
        }

        return false;
    }

    // A generated context looks up the contracts of types that it names, or of the one that its own caller names.
    private bool IsJsonContext(IOperation operation) =>
        operation is IInvocationOperation { Arguments.Length: > 0 } call
        && call.SemanticModel?.GetEnclosingSymbol(call.Syntax.SpanStart) is { ContainingType: { } type } enclosing
        && DerivesFromContext(type)
        && call.Arguments[0].Value switch
        {
            ITypeOfOperation typeOf => making.Deserialized(typeOf.TypeOperand) is null,
            IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter.ContainingSymbol, enclosing),
            _ => false,
        };

    private static bool DerivesFromContext(INamedTypeSymbol type)
    {
        INamedTypeSymbol? at = type.BaseType;
        while (at is not null && !KnownTypes.Is(at, "System.Text.Json.Serialization.JsonSerializerContext"))
        {
            at = at.BaseType;
        }

        return at is not null;
    }

    private static bool IsFactory(IPropertySymbol property) =>
        property.Name.EndsWith("AttributeProviderFactory", StringComparison.Ordinal)
        && property.ContainingNamespace.ToDisplayString() == "System.Text.Json.Serialization.Metadata";
}
