using Microsoft.CodeAnalysis;

namespace OutboundInterception;

/// <summary>
/// Refuses source that is nested more deeply than people write it. Compiler and analyzers walk a tree by recursion, and a
/// stack that overflows ends the host's process.
/// </summary>
internal static class SourceDepth
{
    // 500: a chain of 200 calls is 400 deep. About half of that was tried, on a default stack; it is a bound, not a measurement.
    public const int Max = 500;

    /// <summary>The first place that is too deep, or <see langword="null"/>.</summary>
    public static DeploymentDiagnostic? Check(SyntaxTree tree, CancellationToken cancellationToken)
    {
        Stack<(SyntaxNode Node, int Depth)> open = new([(tree.GetRoot(cancellationToken), 0)]);
        while (open.TryPop(out (SyntaxNode Node, int Depth) next))
        {
            if (next.Depth > Max)
            {
                return SourceProblem.At(
                    next.Node.GetLocation().GetLineSpan().StartLinePosition,
                    tree.FilePath,
                    SourceProblem.TooDeep,
                    $"The code is nested more than {Max} levels deep here, counting each call of a chain and each operand of a sum. Split it up.");
            }

            foreach (SyntaxNode child in next.Node.ChildNodes())
            {
                open.Push((child, next.Depth + 1));
            }
        }

        return null;
    }
}
