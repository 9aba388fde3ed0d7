using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OutboundInterception.Analyzers;

/// <summary>Gives a dropped task to the dispatch: <c>context.WaitUntil(token => …)</c>, with the token of background work.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class UnawaitedTaskCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [UnawaitedTaskAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        SemanticModel model = (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (root.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax call
            && call.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { } statement
            && model.GetTypeInfo(call).Type is { Name: "Task" }
            && ContextInScope.NameAt(model, call) is { } name)
        {
            context.RegisterCodeFix(
                CodeAction.Create($"Give it to {name}.WaitUntil", _ => Task.FromResult(Wrap(context.Document, root, model, statement, call, name)), nameof(UnawaitedTaskCodeFix)),
                context.Diagnostics);
        }
    }

    private static Document Wrap(
        Document document, SyntaxNode root, SemanticModel model, ExpressionStatementSyntax statement, InvocationExpressionSyntax call, string name)
    {
        // The dispatch's own token ends with the caller, which is what WaitUntil is there to outlast.
        List<IdentifierNameSyntax> tokens = [.. call.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(identifier => identifier.Parent is ArgumentSyntax && model.GetTypeInfo(identifier).Type is { Name: "CancellationToken" })];
        InvocationExpressionSyntax work = call.ReplaceNodes(tokens, static (_, _) => SyntaxFactory.IdentifierName("token")).WithoutTrivia();
        StatementSyntax waiting = SyntaxFactory.ParseStatement($"{name}.WaitUntil({(tokens.Count == 0 ? "_" : "token")} => {work.ToFullString()});");
        return document.WithSyntaxRoot(root.ReplaceNode(statement, waiting.WithTriviaFrom(statement)));
    }
}
