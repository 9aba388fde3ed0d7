using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>OBI005: an outbound worker decides on the URI that the dispatch came with, not on the one that is about to be sent.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InboundUriAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI005";

    internal static readonly DiagnosticDescriptor Decides = Rule.Warning(
        Id,
        "An outbound worker decides on the inbound URI",
        "This decision is taken on what the dispatch was asked for, which says nothing about where the subrequest goes: use 'request.RequestUri'",
        "The inbound URI is the visitor's to choose. Credentials that it decides on go to whatever host the tenant sends to.");

    /// <summary>Makes the analyzer.</summary>
    public InboundUriAnalyzer()
        : base(Decides)
    {
    }

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (KnownTypes.Find(context.Compilation, KnownTypes.OutboundWorker) is null)
        {
            return;
        }

        context.RegisterOperationAction(
            operation => Guard(operation.ReportDiagnostic, () => operation.Operation.Syntax.GetLocation(), () => Check(operation)),
            OperationKind.PropertyReference);
    }

    private static void Check(OperationAnalysisContext context)
    {
        var reference = (IPropertyReferenceOperation)context.Operation;
        if (reference.Property.Name != "InboundUri" || !KnownTypes.Is(reference.Property.ContainingType, KnownTypes.OutboundContext)
            || !KnownTypes.Implements(context.ContainingSymbol.ContainingType, KnownTypes.OutboundWorker))
        {
            return;
        }

        if (Decision(reference) || (Declared(reference) is { } local && References(reference, local).Any(Decision)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Decides, reference.Syntax.GetLocation()));
        }
    }

    // A comparison, pattern, switch or predicate that the value goes into; asking whether there is a URI at all decides nothing.
    private static bool Decision(IOperation value)
    {
        for (IOperation? at = value; at?.Parent is { } parent && parent is not IAnonymousFunctionOperation; at = parent)
        {
            switch (parent)
            {
                case IBinaryOperation { Type.SpecialType: SpecialType.System_Boolean } comparison:
                    return !IsNull(comparison.LeftOperand) && !IsNull(comparison.RightOperand);
                case IIsPatternOperation { Pattern: IConstantPatternOperation { Value: { } constant } }:
                    return !IsNull(constant);
                case IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation { Value: { } constant } } }:
                    return !IsNull(constant);
                case IIsPatternOperation or ISwitchOperation or ISwitchExpressionOperation:
                case IInvocationOperation { Type.SpecialType: SpecialType.System_Boolean }:
                    return true;
                case IVariableDeclaratorOperation or IExpressionStatementOperation or IReturnOperation or IAssignmentOperation:
                    return false;
            }
        }

        return false;
    }

    private static bool IsNull(IOperation operation) => operation.ConstantValue is { HasValue: true, Value: null };

    private static ILocalSymbol? Declared(IOperation value)
    {
        for (IOperation? at = value.Parent; at is not null and not IBlockOperation; at = at.Parent)
        {
            if (at is IVariableDeclaratorOperation declarator)
            {
                return declarator.Symbol;
            }
        }

        return null;
    }

    private static List<IOperation> References(IOperation value, ILocalSymbol local)
    {
        IOperation root = value;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        var references = new List<IOperation>();
        OperationWalk.Visit(
            root,
            operation =>
            {
                if (operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local))
                {
                    references.Add(operation);
                }
            },
            CancellationToken.None);
        return references;
    }
}
