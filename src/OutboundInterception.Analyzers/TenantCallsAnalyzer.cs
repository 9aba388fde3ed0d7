using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>OBI002: in an assembly that mixes host and tenants, a tenant handler reaches what the sandbox policy does not allow.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TenantCallsAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI002";

    internal static readonly DiagnosticDescriptor Reached = Rule.ErrorAtEnd(
        Id,
        "A tenant handler reaches what the sandbox policy does not allow",
        "Tenant code may not use '{0}': {1} ({2})",
        "Found by following calls from tenant handlers through the compilation. What the host injects is its grant and is not followed.");

    /// <summary>Makes the analyzer.</summary>
    public TenantCallsAnalyzer()
        : base(Reached)
    {
    }

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (KnownTypes.Find(context.Compilation, KnownTypes.TenantHandler) is not { } handler
            || TenantCompilation.IsTenantAssembly(context.Compilation, context.Options))
        {
            return;
        }

        var delegates = new ConcurrentBag<IOperation>();
        context.RegisterOperationAction(
            operation => Guard(operation.ReportDiagnostic, () => operation.Operation.Syntax.GetLocation(), () =>
            {
                if (KnownTypes.Is(operation.Operation.Type, KnownTypes.TenantDelegate))
                {
                    delegates.Add(((IDelegateCreationOperation)operation.Operation).Target);
                }
            }),
            OperationKind.DelegateCreation);
        context.RegisterCompilationEndAction(end => Guard(end.ReportDiagnostic, () => Location.None, () =>
        {
            List<INamedTypeSymbol> handlers = [.. SourceTypes.Of(end.Compilation).Where(type => type.TypeKind is TypeKind.Class or TypeKind.Struct && type.AllInterfaces.Contains(handler, SymbolEqualityComparer.Default))];
            if (handlers.Count == 0 && delegates.IsEmpty)
            {
                return;
            }

            var grant = new HostGrant(end.Compilation.Assembly);
            grant.AddConstructors(handlers);
            foreach (IOperation target in delegates)
            {
                grant.AddCaptures(target);
            }

            var reach = new TenantReach(end.Compilation, grant, end.ReportDiagnostic, end.CancellationToken);
            reach.Follow(handlers, delegates.OrderBy(target => target.Syntax.SpanStart));
        }));
    }
}
