using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;

namespace OutboundInterception.Tests.Verification;

/// <summary>Compiles C# as a tenant's project would: the reference assemblies of the two shared frameworks, and their source generators.</summary>
internal static class TenantCompiler
{
    private static readonly string[] s_frameworks = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"];

    private static readonly string s_packs = typeof(TenantCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "TargetingPacks").Value!;

    // Those of the web framework are switched on one by one in a project; logging's always is.
    private static readonly ISourceGenerator[] s_generators = [.. s_frameworks.SelectMany(framework => Files(framework, "analyzers/dotnet/cs"))
        .Where(file => file.Contains(s_frameworks[0], StringComparison.Ordinal) || Path.GetFileName(file) == "Microsoft.Extensions.Logging.Generators.dll")
        .SelectMany(file => new AnalyzerFileReference(file, new Loader()).GetGenerators(LanguageNames.CSharp))];

    /// <summary>The reference assemblies of both shared frameworks.</summary>
    public static IReadOnlyList<MetadataReference> Framework { get; } =
        [.. s_frameworks.SelectMany(framework => Files(framework, "ref/net10.0")).Select(file => MetadataReference.CreateFromFile(file))];

    /// <summary>The contracts, as the tests' own process has them.</summary>
    public static MetadataReference Contracts { get; } = MetadataReference.CreateFromFile(typeof(ITenantHandler).Assembly.Location);

    /// <summary>Parses sources and runs the frameworks' generators over them.</summary>
    public static Compilation Create(string name, MetadataReference contracts, bool allowUnsafe, OptimizationLevel optimization, params (string Path, string Text)[] sources)
    {
        CSharpParseOptions parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        Compilation compilation = CSharpCompilation.Create(
            name,
            sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, parse, source.Path, Encoding.UTF8)),
            [.. Framework, contracts],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: allowUnsafe, optimizationLevel: optimization,
                nullableContextOptions: NullableContextOptions.Enable, deterministic: true));
        CSharpGeneratorDriver.Create(s_generators, parseOptions: parse).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        return compilation;
    }

    /// <summary>Emits an assembly with an embedded PDB.</summary>
    /// <returns>The bytes, or <see langword="null"/> with the compiler's errors.</returns>
    public static (byte[]? Assembly, IReadOnlyList<Diagnostic> Errors) Emit(Compilation compilation)
    {
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        Diagnostic[] errors = [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        return (result.Success ? stream.ToArray() : null, errors);
    }

    /// <summary>Compiles one source against the contracts; what does not compile fails the test.</summary>
    public static byte[] Compile(string source, bool allowUnsafe = false)
    {
        (byte[]? assembly, IReadOnlyList<Diagnostic> errors) = Emit(Create("Tenant", Contracts, allowUnsafe, OptimizationLevel.Release, ("Tenant.cs", source)));
        return assembly ?? throw new InvalidOperationException(string.Join('\n', errors));
    }

    /// <summary>The same with a portable PDB of its own beside the assembly.</summary>
    public static (byte[] Assembly, byte[] Symbols) CompileWithSymbols(string source)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = Create("Tenant", Contracts, allowUnsafe: false, OptimizationLevel.Release, ("Tenant.cs", source))
            .Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        return result.Success ? (assembly.ToArray(), symbols.ToArray()) : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private static string[] Files(string framework, string folder)
    {
        string newest = Directory.GetDirectories(Path.Combine(s_packs, framework), "10.*").OrderBy(path => Version.Parse(Path.GetFileName(path).Split('-')[0])).Last();
        string path = Path.Combine(newest, folder);
        return Directory.Exists(path) ? Directory.GetFiles(path, "*.dll") : [];
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
