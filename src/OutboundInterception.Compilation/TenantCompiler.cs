using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace OutboundInterception;

/// <summary>Source to bytes, by rules that nothing in the source can change.</summary>
internal static class TenantCompiler
{
    // What the SDK adds to a class library with implicit usings.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions s_parse = new(
        LanguageVersion.CSharp14, DocumentationMode.None, SourceCodeKind.Regular, preprocessorSymbols: ["NET", "NET10_0", "NET10_0_OR_GREATER"]);

    // Whatever could make the compiler read a file of the host is left out: resolvers for #load and #r, for XML includes and for
    // key files.
    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: false,
        deterministic: true,

        // All on the thread that is watched.
        concurrentBuild: false,
        nullableContextOptions: NullableContextOptions.Enable,
        metadataImportOptions: MetadataImportOptions.Public,
        xmlReferenceResolver: null,
        sourceReferenceResolver: null,
        metadataReferenceResolver: null,
        strongNameProvider: null);

    private static readonly EmitOptions s_emit = new(debugInformationFormat: DebugInformationFormat.Embedded);

    /// <returns>An assembly with its debug information in it.</returns>
    /// <exception cref="DeploymentException">It does not compile, breaks a rule, or takes too long.</exception>
    public static async Task<byte[]> CompileAsync(string tenant, TenantSource source, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();

        Compiled compiled = BoundedCompilation.Run(
            tenant, source.TimeLimit, abort => Compile(tenant, source, abort), cancellationToken);

        // Its bodies could be bound in time, and the analyzers ask for cancellation.
        ImmutableArray<Diagnostic> analysing = await AnalyseAsync(tenant, compiled.Compilation, source.TimeLimit, start, cancellationToken).ConfigureAwait(false);
        List<DeploymentDiagnostic> problems = [.. compiled.Errors
            .Concat(analysing)
            .Select(Describe)
            .Distinct()
            .OrderBy(static problem => problem.File, StringComparer.Ordinal)
            .ThenBy(static problem => problem.Line)
            .ThenBy(static problem => problem.Column)];
        return compiled.Image is { } image && problems.Count == 0 ? image : throw new DeploymentException(tenant, problems);
    }

    private static Compiled Compile(string tenant, TenantSource source, CancellationToken abort)
    {
        ThrowIfAny(tenant, source.Files.Select(file => SourceTokens.Check(file.Value, file.Key, s_parse, abort)).OfType<DeploymentDiagnostic>());
        SyntaxTree[] trees = [.. Parse(source, abort)];
        ThrowIfAny(tenant, trees.Select(tree => SourceDepth.Check(tree, abort)).OfType<DeploymentDiagnostic>());
        ThrowIfAny(tenant, SourceCost.Check(trees, abort));

        CSharpCompilation compilation = CSharpCompilation.Create($"tenant-{tenant}", trees, TargetingPack.References, s_options);
        CSharpGeneratorDriver.Create(TargetingPack.Generators, parseOptions: s_parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation complete, out ImmutableArray<Diagnostic> generating, abort);
        using MemoryStream image = new();
        EmitResult emitted = complete.Emit(image, options: s_emit, cancellationToken: abort);
        return new Compiled(
            complete,
            emitted.Success ? image.ToArray() : null,
            [.. emitted.Diagnostics.Concat(generating).Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)]);
    }

    private static void ThrowIfAny(string tenant, IEnumerable<DeploymentDiagnostic> found)
    {
        DeploymentDiagnostic[] problems = [.. found];
        if (problems.Length > 0)
        {
            throw new DeploymentException(tenant, problems);
        }
    }

    private static async Task<ImmutableArray<Diagnostic>> AnalyseAsync(
        string tenant, Compilation compilation, TimeSpan limit, long start, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // As long again as compiling took, at least: on a busy machine what compiled in time is not refused for its analysis.
        late.CancelAfter(limit + Stopwatch.GetElapsedTime(start));
        try
        {
            return await TenantAnalysis.RunAsync(compilation, late.Token).WaitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw BoundedCompilation.TooCostly(tenant, $"{limit.TotalSeconds:0.##} seconds");
        }
    }

    private static IEnumerable<SyntaxTree> Parse(TenantSource source, CancellationToken cancellationToken)
    {
        yield return Parse(ImplicitUsings, "ImplicitUsings.g.cs");
        foreach ((string path, string text) in source.Files.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            yield return Parse(text, path);
        }

        // An encoding, because debug information has a checksum of the text in it.
        SyntaxTree Parse(string text, string path) =>
            CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), s_parse, path, cancellationToken);
    }

    private static DeploymentDiagnostic Describe(Diagnostic diagnostic)
    {
        // The place where it is, not the one that a #line directive claims.
        FileLinePositionSpan span = diagnostic.Location.GetLineSpan();
        bool hasPlace = diagnostic.Location.IsInSource;
        return new DeploymentDiagnostic
        {
            Rule = diagnostic.Id,
            Message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            File = hasPlace ? span.Path : null,
            Line = hasPlace ? span.StartLinePosition.Line + 1 : 0,
            Column = hasPlace ? span.StartLinePosition.Character + 1 : 0,
        };
    }

    private sealed record Compiled(Compilation Compilation, byte[]? Image, ImmutableArray<Diagnostic> Errors);
}
