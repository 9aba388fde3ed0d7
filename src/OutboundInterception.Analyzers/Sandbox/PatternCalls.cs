using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>The members that a statement or expression calls by their names alone, and that its operation does not show.</summary>
internal static class PatternCalls
{
    /// <summary>Those of <c>foreach</c>, <c>await</c>, <c>using</c> and deconstruction; empty for others.</summary>
    public static IEnumerable<ISymbol> Of(IOperation operation)
    {
        SemanticModel? model = operation.SemanticModel;
        return (operation, operation.Syntax) switch
        {
            (IForEachLoopOperation loop, CommonForEachStatementSyntax syntax) => OfForEach(loop, syntax, model!),
            (IAwaitOperation, AwaitExpressionSyntax syntax) => OfAwait(model!.GetAwaitExpressionInfo(syntax)),
            (IUsingOperation { Resources: { } resources } statement, _) => Resources(resources).SelectMany(type => Disposal(type, statement.IsAsynchronous)),
            (IUsingDeclarationOperation declaration, _) => Resources(declaration.DeclarationGroup).SelectMany(type => Disposal(type, declaration.IsAsynchronous)),
            (IDeconstructionAssignmentOperation, AssignmentExpressionSyntax syntax) => OfDeconstruction(model!.GetDeconstructionInfo(syntax)),
            _ => [],
        };
    }

    private static IEnumerable<ISymbol> OfForEach(IForEachLoopOperation loop, CommonForEachStatementSyntax syntax, SemanticModel model)
    {
        // An array or a string is read by index, whatever enumerator it has.
        if (loop.Collection is IConversionOperation { IsImplicit: true, Operand.Type: IArrayTypeSymbol or { SpecialType: SpecialType.System_String } }
            || loop.Collection.Type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String })
        {
            return [];
        }

        ForEachStatementInfo info = model.GetForEachStatementInfo(syntax);
        ISymbol?[] members =
        [
            info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod, info.DisposeMethod,
            info.CurrentConversion.MethodSymbol, info.ElementConversion.MethodSymbol,
        ];
        IEnumerable<ISymbol> deconstruction = syntax is ForEachVariableStatementSyntax variable ? OfDeconstruction(model.GetDeconstructionInfo(variable)) : [];
        return members.Concat(deconstruction).OfType<ISymbol>();
    }

    private static IEnumerable<ISymbol> OfAwait(AwaitExpressionInfo info) =>
        new ISymbol?[] { info.GetAwaiterMethod, info.IsCompletedProperty?.GetMethod, info.GetResultMethod }.OfType<ISymbol>();

    private static IEnumerable<ISymbol> OfDeconstruction(DeconstructionInfo info)
    {
        ISymbol?[] members = [info.Method, info.Conversion?.MethodSymbol];
        return members.OfType<ISymbol>().Concat(info.Nested.SelectMany(OfDeconstruction));
    }

    private static IEnumerable<ITypeSymbol> Resources(IOperation resources) => resources switch
    {
        IVariableDeclarationGroupOperation group => group.Declarations
            .SelectMany(declaration => declaration.Declarators).Select(declarator => declarator.Symbol.Type),
        { Type: { } type } => [type],
        _ => [],
    };

    private static IEnumerable<ISymbol> Disposal(ITypeSymbol type, bool isAsynchronous)
    {
        string name = isAsynchronous ? "DisposeAsync" : "Dispose";
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(method => method.Parameters.All(parameter => parameter.IsOptional)) is { } method)
            {
                return [method];
            }
        }

        return [];
    }
}
