using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OutboundInterception.Analyzers;

/// <summary>OBI009: an attribute tries to suppress one of these rules.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SuppressionAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI009";

    internal static readonly DiagnosticDescriptor Suppressed = Rule.Error(
        Id,
        "A suppression names a rule that can't be suppressed",
        "'{0}' can't be suppressed: change the code that it speaks of",
        "The rules about tenant code hold wherever it stands. An attribute that names one does nothing but mislead its reader.");

    private static readonly string[] s_unsuppressable =
        ["OBI000", TenantCodeAnalyzer.Id, TenantCallsAnalyzer.Id, KeptContextAnalyzer.Id, SocketsAnalyzer.Id, UnsafeBlocksAnalyzer.Id, Id];

    /// <summary>Makes the analyzer.</summary>
    public SuppressionAnalyzer()
        : base(Suppressed)
    {
    }

    private protected override void Start(CompilationStartAnalysisContext context) => context.RegisterSyntaxNodeAction(
        node => Guard(node.ReportDiagnostic, () => node.Node.GetLocation(), () => Check(node)), SyntaxKind.Attribute);

    private static void Check(SyntaxNodeAnalysisContext context)
    {
        if (context.Node is not AttributeSyntax { ArgumentList.Arguments: { Count: > 1 } arguments } attribute
            || context.SemanticModel.GetSymbolInfo(attribute, context.CancellationToken).Symbol?.ContainingType.Name
                is not ("SuppressMessageAttribute" or "UnconditionalSuppressMessageAttribute")
            || context.SemanticModel.GetConstantValue(arguments[1].Expression, context.CancellationToken) is not { HasValue: true, Value: string id })
        {
            return;
        }

        if (Array.Find(s_unsuppressable, rule => id.StartsWith(rule, StringComparison.OrdinalIgnoreCase)) is { } named)
        {
            context.ReportDiagnostic(Diagnostic.Create(Suppressed, attribute.GetLocation(), named));
        }
    }
}
