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
            OperationKind.SimpleAssignment, OperationKind.CoalesceAssignment, OperationKind.Invocation);
    }

    private static void Check(OperationAnalysisContext context)
    {
        switch (context.Operation)
        {
            case IAssignmentOperation assignment when Shared(assignment.Target) is { } place:
                Report(context, assignment.Value, place);
                break;
            case IInvocationOperation { Instance: { } instance } invocation when Collection(instance) is { } place:
                foreach (IArgumentOperation argument in invocation.Arguments)
                {
                    Report(context, argument.Value, place);
                }

                break;
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation value, ISymbol place)
    {
        if (PerDispatch(value, 4) is { } kept)
        {
            context.ReportDiagnostic(Diagnostic.Create(Kept, value.Syntax.GetLocation(), kept.Syntax.ToString(), place.Name));
        }
    }

    // A static, a field or property of a handler, or an element of a collection in one.
    private static ISymbol? Shared(IOperation target) => target switch
    {
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } instance } => Collection(instance),
        IArrayElementReferenceOperation element => Shared(element.ArrayReference),
        IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } reference when reference.Member.IsStatic || IsHandlers(reference) => reference.Member,
        _ => null,
    };

    private static ISymbol? Collection(IOperation instance) =>
        instance is IMemberReferenceOperation { Type: { } type }
        && type.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) == true
            ? Shared(instance)
            : null;

    private static bool IsHandlers(IMemberReferenceOperation reference) =>
        reference.Instance is IInstanceReferenceOperation && KnownTypes.Implements(reference.Member.ContainingType, KnownTypes.TenantHandler);

    // The part of a value that comes from the context; null if none does.
    private static IOperation? PerDispatch(IOperation value, int depth)
    {
        switch (value)
        {
            case IConversionOperation conversion:
                return PerDispatch(conversion.Operand, depth);
            case IAwaitOperation await:
                return PerDispatch(await.Operation, depth);
            case IParameterReferenceOperation or IInstanceReferenceOperation when KnownTypes.Is(value.Type, KnownTypes.TenantContext):
                return value;
            case IPropertyReferenceOperation { Instance.Type: { } type } property when KnownTypes.Is(type, KnownTypes.TenantContext):
                return property.Type?.SpecialType == SpecialType.System_String ? null : value;
            case IInvocationOperation { Instance.Type: { } type, TargetMethod.Name: not "FetchAsync" } when KnownTypes.Is(type, KnownTypes.TenantContext):
                return value;
            case IObjectCreationOperation creation:
                return creation.Arguments.Select(argument => PerDispatch(argument.Value, depth)).FirstOrDefault(part => part is not null);
            case ILocalReferenceOperation local when depth > 0:
                return Initializer(local) is { } initializer && PerDispatch(initializer, depth - 1) is not null ? value : null;
            default:
                return null;
        }
    }

    private static IOperation? Initializer(ILocalReferenceOperation local)
    {
        SyntaxNode? declaration = local.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        return declaration is not null && declaration.SyntaxTree == local.Syntax.SyntaxTree
            ? (local.SemanticModel!.GetOperation(declaration) as IVariableDeclaratorOperation)?.Initializer?.Value
            : null;
    }
}
