using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OutboundInterception.Analyzers;

/// <summary>Replaces a client of one's own with the dispatch's: <c>new HttpClient()</c> becomes <c>context.Http</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class OwnHttpClientCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [TenantCodeAnalyzer.Id, TenantCallsAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics.Where(diagnostic => diagnostic.Properties.ContainsKey(TenantCodeAnalyzer.OwnHttpClient)))
        {
            SyntaxNode root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
            SemanticModel model = (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is BaseObjectCreationExpressionSyntax creation
                && ContextInScope.NameAt(model, creation) is { } name)
            {
                context.RegisterCodeFix(
                    CodeAction.Create($"Use {name}.Http", _ => Task.FromResult(Replace(context.Document, root, creation, name)), nameof(OwnHttpClientCodeFix)),
                    diagnostic);
            }
        }
    }

    private static Document Replace(Document document, SyntaxNode root, BaseObjectCreationExpressionSyntax creation, string name)
    {
        ExpressionSyntax http = SyntaxFactory.ParseExpression(name + ".Http").WithTriviaFrom(creation);

        // What the dispatch owns is not the code's to dispose.
        SyntaxNode changed = creation.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { UsingKeyword.RawKind: not 0 } statement
            ? root.ReplaceNode(statement, statement.ReplaceNode(creation, http).WithUsingKeyword(default).WithAwaitKeyword(default).WithLeadingTrivia(statement.GetLeadingTrivia()))
            : root.ReplaceNode(creation, http);
        return document.WithSyntaxRoot(changed);
    }
}
