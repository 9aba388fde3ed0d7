using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OutboundInterception.Analyzers;

/// <summary>Lets a worker decide on the URI that it is about to send to.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class InboundUriCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [InboundUriAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        SemanticModel model = (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (root.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax inbound)
        {
            return;
        }

        string? request = model.LookupSymbols(context.Span.Start).OfType<IParameterSymbol>()
            .FirstOrDefault(parameter => parameter.Type.ToDisplayString() == "System.Net.Http.HttpRequestMessage")?.Name;
        if (request is not null)
        {
            ExpressionSyntax outbound = SyntaxFactory.ParseExpression(request + ".RequestUri").WithTriviaFrom(inbound);
            context.RegisterCodeFix(
                CodeAction.Create($"Use {request}.RequestUri", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(inbound, outbound))), nameof(InboundUriCodeFix)),
                context.Diagnostics);
        }
    }
}
