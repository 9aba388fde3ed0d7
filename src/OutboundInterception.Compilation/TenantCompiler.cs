using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
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
        nullableContextOptions: NullableContextOptions.Enable,
        metadataImportOptions: MetadataImportOptions.Public,
        xmlReferenceResolver: null,
        sourceReferenceResolver: null,
        metadataReferenceResolver: null,
        strongNameProvider: null);

    private static readonly EmitOptions s_emit = new(debugInformationFormat: DebugInformationFormat.Embedded);

    /// <returns>An assembly with its debug information in it.</returns>
    /// <exception cref="DeploymentException">It does not compile, or breaks a rule.</exception>
    public static async Task<byte[]> CompileAsync(string tenant, TenantSource source, CancellationToken cancellationToken)
    {
        (SyntaxTree[] trees, DeploymentDiagnostic[] deep) = OnDeepStack(() =>
        {
            SyntaxTree[] parsed = [.. Parse(source, cancellationToken)];
            return (parsed, parsed.Select(tree => SourceDepth.Check(tree, cancellationToken)).OfType<DeploymentDiagnostic>().ToArray());
        });
        if (deep.Length > 0)
        {
            throw new DeploymentException(tenant, deep);
        }

        CSharpCompilation compilation = CSharpCompilation.Create($"tenant-{tenant}", trees, TargetingPack.References, s_options);
        CSharpGeneratorDriver.Create(TargetingPack.Generators, parseOptions: s_parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation complete, out ImmutableArray<Diagnostic> generating, cancellationToken);

        ImmutableArray<Diagnostic> analysing = await TenantAnalysis.RunAsync(complete, cancellationToken).ConfigureAwait(false);
        using MemoryStream image = new();
        EmitResult emitted = complete.Emit(image, options: s_emit, cancellationToken: cancellationToken);
        List<DeploymentDiagnostic> problems = [.. emitted.Diagnostics
            .Concat(generating)
            .Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Concat(analysing)
            .Select(Describe)
            .Distinct()
            .OrderBy(static problem => problem.File, StringComparer.Ordinal)
            .ThenBy(static problem => problem.Line)
            .ThenBy(static problem => problem.Column)];
        return emitted.Success && problems.Count == 0 ? image.ToArray() : throw new DeploymentException(tenant, problems);
    }

    // The parser recurses, not everywhere with a guard: type arguments took 1.3 KiB a level, of which a file of the longest
    // length has 64 Ki.
    private static T OnDeepStack<T>(Func<T> parse)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    result = parse();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            maxStackSize: 256 * 1024 * 1024);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
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
}
