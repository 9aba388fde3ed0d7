using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OutboundInterception;

/// <summary>
/// Refuses source that takes the compiler time or memory that doubles with each level: a few lines would keep it busy for years.
/// </summary>
internal static class SourceCost
{
    // Overload resolution binds the body of a lambda once for each type that the lambda may become: 4 for Task.Run and
    // ContinueWith, more for a tenant's own overloads.
    private const int Overloads = 4;
    private const long MaxBindings = 20_000;

    // 50: each clause has the variables of all before it; 200 took 5 s.
    private const int MaxClauses = 50;

    // Columns times arms of a switch over a tuple; each arm may double the states between columns.
    private const int MaxCells = 600;

    // 64 Ki characters; a constant of constants doubles with each name.
    private const long MaxConstant = 64 * 1024;

    public static IEnumerable<DeploymentDiagnostic> Check(IReadOnlyList<SyntaxTree> trees, CancellationToken cancellationToken)
    {
        SyntaxNode[] nodes = [.. trees.SelectMany(tree => tree.GetRoot(cancellationToken).DescendantNodes())];
        Dictionary<string, int> methods = Count(nodes);
        ConstantLengths constants = new(nodes);
        foreach (SyntaxNode node in nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string? problem = node switch
            {
                LambdaExpressionSyntax or AnonymousMethodExpressionSyntax or QueryExpressionSyntax when Bindings(node, methods) > MaxBindings =>
                    "Lambdas are nested too deeply in calls of methods that have overloads. Name the inner ones: a local variable or function.",
                QueryBodySyntax { Clauses.Count: > MaxClauses } => $"A query has more than {MaxClauses} clauses. Split it up.",
                SwitchExpressionSyntax choice when choice.Arms.Sum(Cells) > MaxCells => "A switch has too many patterns of several parts. Split it up.",
                VariableDeclaratorSyntax { Initializer: not null } constant when constants.Of(constant) > MaxConstant =>
                    $"A constant is put together of others to more than {MaxConstant} characters.",
                _ => null,
            };
            if (problem is not null)
            {
                yield return SourceProblem.At(node.GetLocation().GetLineSpan().StartLinePosition, node.SyntaxTree.FilePath, SourceProblem.TooCostly, problem);
            }
        }
    }

    private static Dictionary<string, int> Count(SyntaxNode[] nodes)
    {
        Dictionary<string, int> methods = new(StringComparer.Ordinal);
        foreach (SyntaxNode node in nodes)
        {
            string? name = node switch
            {
                MethodDeclarationSyntax method => method.Identifier.ValueText,
                ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
                IndexerDeclarationSyntax => "[]",
                _ => null,
            };
            if (name is not null)
            {
                methods[name] = methods.GetValueOrDefault(name) + 1;
            }
        }

        return methods;
    }

    // How often the compiler may bind the inside of a lambda.
    private static long Bindings(SyntaxNode lambda, Dictionary<string, int> methods)
    {
        long bindings = 1;
        bool isInLambda = false;
        for (SyntaxNode? at = lambda; at is not null && bindings <= MaxBindings; at = at.Parent)
        {
            if (at is LambdaExpressionSyntax or AnonymousMethodExpressionSyntax)
            {
                isInLambda = true;
            }
            else if (at is QueryExpressionSyntax)
            {
                bindings *= Overloads;
            }
            else if (isInLambda && at is ArgumentSyntax { Parent: { } list })
            {
                bindings *= Overloads + methods.GetValueOrDefault(Called(list));
                isInLambda = false;
            }
        }

        return bindings;
    }

    private static string Called(SyntaxNode arguments) => arguments.Parent switch
    {
        InvocationExpressionSyntax { Expression: SimpleNameSyntax name } => name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax binding } => binding.Name.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type } => type.Identifier.ValueText,
        ObjectCreationExpressionSyntax { Type: QualifiedNameSyntax type } => type.Right.Identifier.ValueText,
        ElementAccessExpressionSyntax or ElementBindingExpressionSyntax => "[]",
        _ => "",
    };

    private static int Cells(SwitchExpressionArmSyntax arm) => arm.Pattern switch
    {
        RecursivePatternSyntax { PositionalPatternClause.Subpatterns.Count: > 2 and int columns } => columns,
        _ => 0,
    };
}
