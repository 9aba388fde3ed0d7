using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>OBI004: raw sockets in code that is marked for namespaces with outbound workers.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SocketsAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI004";

    internal static readonly DiagnosticDescriptor Denied = Rule.Error(
        Id,
        "Raw sockets are denied where outbound workers are set",
        "'TenantContext.Sockets' throws in namespaces with outbound workers, for which this assembly is marked: use 'context.Http' or 'context.ConnectWebSocketAsync'",
        "An outbound worker sees requests. A raw socket would pass it by, so the capability is off where a worker is set, unless that worker takes raw sockets on itself.");

    /// <summary>Makes the analyzer.</summary>
    public SocketsAnalyzer()
        : base(Denied)
    {
    }

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (!TenantCompilation.HasOutboundWorkers(context.Compilation, context.Options))
        {
            return;
        }

        context.RegisterOperationAction(
            operation => Guard(operation.ReportDiagnostic, () => operation.Operation.Syntax.GetLocation(), () =>
            {
                IPropertySymbol property = ((IPropertyReferenceOperation)operation.Operation).Property;
                if (property.Name == "Sockets" && KnownTypes.Is(property.ContainingType, KnownTypes.TenantContext))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(Denied, operation.Operation.Syntax.GetLocation()));
                }
            }),
            OperationKind.PropertyReference);
    }
}
