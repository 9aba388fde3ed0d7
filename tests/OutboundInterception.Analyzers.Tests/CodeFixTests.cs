using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace OutboundInterception.Analyzers.Tests;

public sealed class CodeFixTests
{
    [TestCase("using var http = new HttpClient();", "var http = context.Http;")]
    [TestCase("HttpClient http = new();", "HttpClient http = context.Http;")]
    [TestCase("_ = await new HttpClient().GetAsync(\"https://a.example\");", "_ = await context.Http.GetAsync(\"https://a.example\");")]
    public async Task OwnHttpClient_BecomesTheContexts(string before, string after) =>
        Assert.That(await FixAsync(Compiled.TenantAssembly + Verdicts.Handler(before), new OwnHttpClientCodeFix(), "OBI001"), Does.Contain(after));

    [Test]
    public async Task OwnHttpClient_OfAMixedAssembly_BecomesTheContexts() =>
        Assert.That(await FixAsync(Verdicts.Handler("HttpClient http = new();"), new OwnHttpClientCodeFix(), "OBI002"), Does.Contain("HttpClient http = context.Http;"));

    [Test]
    public async Task InboundUri_BecomesTheRequests() =>
        Assert.That(
            await FixAsync(InboundUriAnalyzerTests.Worker("if (context.InboundUri!.Host == \"a\") { }"), new InboundUriCodeFix(), "OBI005"),
            Does.Contain("if (request.RequestUri!.Host == \"a\") { }"));

    [TestCase("_ = context.Http.GetAsync(\"https://a.example\", cancellationToken);", "context.WaitUntil(token => context.Http.GetAsync(\"https://a.example\", token));")]
    [TestCase("_ = context.Http.GetAsync(\"https://a.example\");", "context.WaitUntil(_ => context.Http.GetAsync(\"https://a.example\"));")]
    public async Task DroppedTask_IsGivenToTheDispatch(string before, string after) =>
        Assert.That(await FixAsync(Verdicts.Handler(before), new UnawaitedTaskCodeFix(), "OBI007"), Does.Contain(after));

    private static async Task<string> FixAsync(string source, CodeFixProvider fix, string id)
    {
        using var workspace = new AdhocWorkspace();
        CSharpCompilation model = Compiled.Compile(source);
        Project project = workspace.AddProject("Snippet", LanguageNames.CSharp)
            .WithMetadataReferences(model.References).WithParseOptions(Compiled.Parsing).WithCompilationOptions(model.Options)
            .AddDocument("Usings.cs", Compiled.Usings).Project;
        Document document = project.AddDocument("File0.cs", source);
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        Diagnostic diagnostic = (await Compiled.ReportAsync(compilation, Compiled.Analyzers)).First(found => found.Id == id);
        CodeAction? action = null;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (registered, _) => action ??= registered, CancellationToken.None));
        ImmutableArray<CodeActionOperation> operations = await action!.GetOperationsAsync(CancellationToken.None);
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        Compilation fixedCompilation = (await changed.GetProject(document.Project.Id)!.GetCompilationAsync())!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fixedCompilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error), Is.Empty);
            Assert.That((await Compiled.ReportAsync(fixedCompilation, Compiled.Analyzers)).Ids(), Does.Not.Contain(id));
        }

        return (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }
}
