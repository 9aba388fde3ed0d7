using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>Visits a tree of operations without recursion: depth is the author's to choose, the stack is not.</summary>
internal static class OperationWalk
{
    /// <summary>Visits a tree from its root, except for what stands in a <c>nameof</c>, which leaves nothing but text.</summary>
    public static void Visit(IOperation root, Action<IOperation> visit, CancellationToken cancellationToken)
    {
        var open = new Stack<IOperation>();
        open.Push(root);
        while (open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IOperation operation = open.Pop();
            if (operation.Kind == OperationKind.NameOf)
            {
                continue;
            }

            visit(operation);
            foreach (IOperation child in operation.ChildOperations.Reverse())
            {
                open.Push(child);
            }
        }
    }
}
