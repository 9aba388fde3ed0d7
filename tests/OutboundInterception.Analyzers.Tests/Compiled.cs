using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace OutboundInterception.Analyzers.Tests;

/// <summary>A snippet that is compiled in memory and looked at by the analyzers; nothing of it is ever run.</summary>
internal static class Compiled
{
    public const string TenantAssembly = "[assembly: OutboundInterception.OutboundTenantAssembly]";

    private static readonly string[] s_files = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "framework-files.txt"));

    private static readonly ImmutableArray<MetadataReference> s_framework =
        [.. s_files.Where(file => file.Contains("/ref/", StringComparison.Ordinal) || file.Contains("\\ref\\", StringComparison.Ordinal)).Select(file => MetadataReference.CreateFromFile(file))];

    private static readonly ImmutableArray<MetadataReference> s_library =
        [MetadataReference.CreateFromFile(typeof(TenantContext).Assembly.Location), MetadataReference.CreateFromFile(typeof(IOutboundWorker).Assembly.Location)];

    public static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.Parse);

    /// <summary>The usual namespaces, which a project would import.</summary>
    public const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net; global using System.Net.Http; global using System.Net.Http.Json; global using System.Threading;
        global using System.Threading.Tasks; global using OutboundInterception;
        """;

    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
        [.. typeof(GuardedAnalyzer).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    /// <summary>Compiles against the framework and the library.</summary>
    public static CSharpCompilation Compile(params string[] sources) =>
        Create(s_framework.AddRange(s_library), isUnsafe: false, [.. sources.Append(Usings).Select((source, i) => Parse(source, $"File{i}.cs"))]);

    /// <summary>Compiles against the framework alone.</summary>
    public static CSharpCompilation CompileBare(bool isUnsafe, params SyntaxTree[] trees) => Create(s_framework, isUnsafe, trees);

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), Parsing, path);

    /// <summary>Runs the JSON and Regex source generators of the framework.</summary>
    public static CSharpCompilation Generate(CSharpCompilation compilation)
    {
        IEnumerable<ISourceGenerator> generators = s_files.Where(file => file.Contains("analyzers", StringComparison.Ordinal))
            .SelectMany(file => Assembly.LoadFrom(file).GetTypes())
            .Where(type => !type.IsAbstract && type.GetCustomAttribute<GeneratorAttribute>() is not null)
            .Select(type => Activator.CreateInstance(type) switch
            {
                IIncrementalGenerator generator => generator.AsSourceGenerator(),
                object generator => (ISourceGenerator)generator,
                null => throw new InvalidOperationException(type.FullName),
            });
        CSharpGeneratorDriver.Create(generators, parseOptions: Parsing).RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return (CSharpCompilation)generated;
    }

    /// <summary>What the analyzers say; compile errors fail the test.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> AnalyzeAsync(CSharpCompilation compilation, params (string Key, string Value)[] properties)
    {
        Assert.That(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
        return await ReportAsync(compilation, Analyzers, properties);
    }

    /// <summary>What some analyzers say, in the order of the source.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> ReportAsync(
        Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, params (string Key, string Value)[] properties)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([], new ProjectProperties(properties)), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        ImmutableArray<Diagnostic> diagnostics = await compilation.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync();
        return [.. diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static CSharpCompilation Create(ImmutableArray<MetadataReference> references, bool isUnsafe, SyntaxTree[] trees) =>
        CSharpCompilation.Create("Snippet", trees, references, new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: isUnsafe, nullableContextOptions: NullableContextOptions.Enable,
            concurrentBuild: true, optimizationLevel: OptimizationLevel.Release));
}
