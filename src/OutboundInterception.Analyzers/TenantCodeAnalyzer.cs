using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OutboundInterception.Analyzers;

/// <summary>OBI001: an assembly of tenant code uses what the sandbox policy does not allow.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TenantCodeAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI001";

    internal const string OwnHttpClient = "OwnHttpClient";

    internal static readonly DiagnosticDescriptor Refused = Rule.Error(
        Id,
        "Tenant code uses what the sandbox policy does not allow",
        "Tenant code may not use '{0}': {1}",
        "Tenant code reaches the network through its context and in no other way. Whatever the policy does not list is refused.");

    private static readonly ImmutableDictionary<string, string?> s_ownHttpClient = ImmutableDictionary<string, string?>.Empty.Add(OwnHttpClient, null);

    /// <summary>Makes the analyzer.</summary>
    public TenantCodeAnalyzer()
        : base(Refused)
    {
    }

    /// <summary>What the code fix goes by.</summary>
    internal static ImmutableDictionary<string, string?>? Properties(Finding finding) => finding.Name == "new HttpClient" ? s_ownHttpClient : null;

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (!TenantCompilation.IsTenantAssembly(context.Compilation, context.Options))
        {
            return;
        }

        var judge = new SandboxJudge(context.Compilation.Assembly);
        context.RegisterOperationBlockAction(body => Guard(body.ReportDiagnostic, () => body.OwningSymbol.Locations.FirstOrDefault() ?? Location.None, () =>
            Scan(judge, body.ReportDiagnostic, (scan, _) =>
            {
                // Attributes come by their syntax, wherever they stand.
                foreach (IOperation block in body.OperationBlocks.Where(block => block.Kind != OperationKind.Attribute))
                {
                    scan.Body(block, body.CancellationToken);
                }
            })));
        context.RegisterSymbolAction(
            declaration => Guard(declaration.ReportDiagnostic, () => Place(declaration.Symbol), () =>
                Scan(judge, declaration.ReportDiagnostic, (scan, report) => DeclarationUses.Check(declaration.Symbol, judge, scan, report))),
            SymbolKind.NamedType, SymbolKind.Method, SymbolKind.Property, SymbolKind.Field, SymbolKind.Event);
        context.RegisterSyntaxNodeAction(
            attribute => Guard(attribute.ReportDiagnostic, attribute.Node.GetLocation, () => Scan(judge, attribute.ReportDiagnostic, (scan, _) =>
            {
                if (attribute.SemanticModel.GetOperation(attribute.Node, attribute.CancellationToken) is { } operation)
                {
                    scan.Body(operation, attribute.CancellationToken);
                }
            })),
            SyntaxKind.Attribute);
        context.RegisterCompilationEndAction(end => Guard(end.ReportDiagnostic, () => Location.None, () =>
            Scan(judge, end.ReportDiagnostic, (_, report) =>
            {
                foreach ((Finding finding, Location location) in judge.Generics.Findings())
                {
                    report(finding, location);
                }
            })));
    }

    private static void Scan(SandboxJudge judge, Action<Diagnostic> report, Action<SandboxScan, Action<Finding, Location>> check)
    {
        Findings? findings = null;
        void Add(Finding finding, Location location) => (findings ??= new Findings()).Add(finding, location);
        check(new SandboxScan(judge, Add), Add);
        foreach ((Finding finding, Location location) in findings?.All ?? [])
        {
            report(Diagnostic.Create(Refused, location, Properties(finding), finding.Name, finding.Reason));
        }
    }

    private static Location Place(ISymbol symbol) => symbol.Locations.FirstOrDefault() ?? Location.None;
}
