using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>OBI003: what belongs to one dispatch is kept where other dispatches find it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeptContextAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI003";

    internal static readonly DiagnosticDescriptor Kept = Rule.Error(
        Id,
        "Per-dispatch state is shared between dispatches",
        "'{0}' belongs to one dispatch and is kept in '{1}', which all dispatches share: pass it on as an argument",
        "A handler instance serves many dispatches at once. Whatever the context hands out stops working when its dispatch ends, and it is billed and policed as that dispatch.");

    /// <summary>Makes the analyzer.</summary>
    public KeptContextAnalyzer()
        : base(Kept)
    {
    }

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (KnownTypes.Find(context.Compilation, KnownTypes.TenantContext) is null)
        {
            return;
        }

        context.RegisterOperationAction(
            operation => Guard(operation.ReportDiagnostic, () => operation.Operation.Syntax.GetLocation(), () => Check(operation)),
            OperationKind.SimpleAssignment, OperationKind.CoalesceAssignment, OperationKind.CompoundAssignment, OperationKind.DeconstructionAssignment,
            OperationKind.EventAssignment, OperationKind.Invocation);
    }

    private static void Check(OperationAnalysisContext context)
    {
        switch (context.Operation)
        {
            case IDeconstructionAssignmentOperation { Target: ITupleOperation targets } deconstruction:
                Deconstruct(context, targets, deconstruction.Value);
                break;
            case IAssignmentOperation assignment when SharedPlaces.Of(assignment.Target) is { } place:
                Report(context, assignment.Value, place);
                break;
            case IEventAssignmentOperation { EventReference: IEventReferenceOperation raised } subscription when SharedPlaces.OfEvent(raised) is { } place:
                Report(context, subscription.HandlerValue, place);
                break;
            case IInvocationOperation invocation when SharedPlaces.Filled(invocation) is { } place:
                foreach (IArgumentOperation argument in invocation.Arguments)
                {
                    Report(context, argument.Value, place);
                }

                break;
        }
    }

    private static void Deconstruct(OperationAnalysisContext context, ITupleOperation targets, IOperation value)
    {
        IOperation source = value is IConversionOperation conversion ? conversion.Operand : value;
        for (int i = 0; i < targets.Elements.Length; i++)
        {
            if (SharedPlaces.Of(targets.Elements[i]) is { } place)
            {
                Report(context, source is ITupleOperation tuple && i < tuple.Elements.Length ? tuple.Elements[i] : source, place);
            }
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation value, ISymbol place)
    {
        if (PerDispatchValues.In(value) is { } kept)
        {
            context.ReportDiagnostic(Diagnostic.Create(Kept, value.Syntax.GetLocation(), kept.Syntax.ToString(), place.Name));
        }
    }
}
