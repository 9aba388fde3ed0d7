using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>What a local variable may hold: its initialiser, and all that the member assigns to it.</summary>
internal static class LocalValues
{
    /// <summary>The values, in the order of the source.</summary>
    public static IReadOnlyList<IOperation> Of(ILocalReferenceOperation local)
    {
        var values = new List<IOperation>();
        OperationWalk.Visit(
            Root(local),
            operation =>
            {
                if (operation is IVariableDeclaratorOperation declarator && Is(declarator.Symbol, local)
                    && (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer) is { } initializer)
                {
                    values.Add(initializer.Value);
                }
                else if (operation is IAssignmentOperation { Target: ILocalReferenceOperation target } assignment && Is(target.Local, local))
                {
                    values.Add(assignment.Value);
                }
            },
            CancellationToken.None);
        return values;
    }

    /// <summary>The body around an operation.</summary>
    public static IOperation Root(IOperation operation)
    {
        IOperation root = operation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root;
    }

    private static bool Is(ILocalSymbol symbol, ILocalReferenceOperation local) => SymbolEqualityComparer.Default.Equals(symbol, local.Local);
}
