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
                if ((isTenant || KnownTypes.Implements(operation.ContainingSymbol.ContainingType, KnownTypes.TenantHandler)) && Forgotten(operation.Operation) is { } task)
                {
                    operation.ReportDiagnostic(Diagnostic.Create(Unawaited, task.Syntax.GetLocation()));
                }
            }),
            OperationKind.ExpressionStatement, OperationKind.VariableDeclarator, OperationKind.AnonymousFunction, OperationKind.LocalFunction);
    }

    private static IOperation? Forgotten(IOperation operation) => operation switch
    {
        IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment } =>
            Dropped(assignment.Value) is { } task && !IsUsed(target.Local, operation) ? task : null,
        IExpressionStatementOperation statement => Dropped(statement.Operation),
        IVariableDeclaratorOperation declarator =>
            declarator.Initializer is { } initializer && Dropped(initializer.Value) is { } task && !IsUsed(declarator.Symbol, operation) ? task : null,

        // Nobody can await what is async and returns nothing.
        IAnonymousFunctionOperation { Symbol: { IsAsync: true, ReturnsVoid: true } } or ILocalFunctionOperation { Symbol: { IsAsync: true, ReturnsVoid: true } } => operation,
        _ => null,
    };

    // Whether anything is done with a task besides asking how it goes.
    private static bool IsUsed(ILocalSymbol local, IOperation inside)
    {
        bool isUsed = false;
        OperationWalk.Visit(
            LocalValues.Root(inside),
            operation => isUsed |= operation is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, local)
                && reference.Parent is not IPropertyReferenceOperation { Property.Name: not "Result" }
                && !(reference.Parent is IAssignmentOperation assignment && assignment.Target == reference),
            CancellationToken.None);
        return isUsed;
    }

    // A call whose task is dropped, or given to the discard.
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

        return value is IInvocationOperation { Type: INamedTypeSymbol { Name: "Task" or "ValueTask" or "ConfiguredTaskAwaitable" or "ConfiguredValueTaskAwaitable" } type }
            && type.ContainingNamespace.ToDisplayString() is "System.Threading.Tasks" or "System.Runtime.CompilerServices"
                ? value
                : null;
    }
}
