using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>OBI007: a tenant starts work that nobody awaits and that the dispatch does not know.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnawaitedTaskAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI007";

    internal static readonly DiagnosticDescriptor Unawaited = Rule.Warning(
        Id,
        "Work is started that the dispatch does not wait for",
        "Nobody awaits this task, and the dispatch ends without it: await it, or give it to 'context.WaitUntil'",
        "What a tenant sends after its dispatch has ended fails with a DispatchEndedException that nobody sees.");

    /// <summary>Makes the analyzer.</summary>
    public UnawaitedTaskAnalyzer()
        : base(Unawaited)
    {
    }

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (KnownTypes.Find(context.Compilation, KnownTypes.TenantHandler) is null)
        {
            return;
        }

        bool isTenant = TenantCompilation.IsTenantAssembly(context.Compilation, context.Options);
        context.RegisterOperationAction(
            operation => Guard(operation.ReportDiagnostic, () => operation.Operation.Syntax.GetLocation(), () =>
            {
                var statement = (IExpressionStatementOperation)operation.Operation;
                if (Dropped(statement.Operation) is { } task
                    && (isTenant || KnownTypes.Implements(operation.ContainingSymbol.ContainingType, KnownTypes.TenantHandler)))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(Unawaited, task.Syntax.GetLocation()));
                }
            }),
            OperationKind.ExpressionStatement);
    }

    // A call whose task is dropped, or given to the discard. A task that stands in a variable may be awaited later.
    private static IOperation? Dropped(IOperation expression)
    {
        IOperation value = expression is ISimpleAssignmentOperation { Target: IDiscardOperation } discard ? discard.Value : expression;
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        if (value is IConditionalAccessOperation access)
        {
            return Dropped(access.WhenNotNull) is null ? null : value;
        }

        return value is IInvocationOperation { Type: INamedTypeSymbol { Name: "Task" or "ValueTask" } type }
            && type.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks"
                ? value
                : null;
    }
}
