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
        "A suppression names a rule about tenant code",
        "'{0}' is not to be suppressed: change the code that it speaks of",
        "The errors about tenant code hold wherever it stands, and an attribute that names one does nothing but mislead its reader. A hint is turned off for the whole project, in its .editorconfig, where a reviewer sees it.");

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
                is not ("SuppressMessageAttribute" or "UnconditionalSuppressMessageAttribute"))
        {
            return;
        }

        foreach (AttributeArgumentSyntax argument in arguments.Where(argument => argument.NameEquals is null))
        {
            if (context.SemanticModel.GetConstantValue(argument.Expression, context.CancellationToken) is { HasValue: true, Value: string id } && IsOurs(id))
            {
                context.ReportDiagnostic(Diagnostic.Create(Suppressed, attribute.GetLocation(), id.Substring(0, "OBI000".Length).ToUpperInvariant()));
                return;
            }
        }
    }

    private static bool IsOurs(string id) =>
        id.Length >= "OBI000".Length && id.StartsWith("OBI", StringComparison.OrdinalIgnoreCase) && id.Skip("OBI".Length).Take("000".Length).All(char.IsDigit);
}
