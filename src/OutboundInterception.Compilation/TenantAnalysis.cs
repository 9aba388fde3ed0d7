using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OutboundInterception;

/// <summary>Runs the sandbox's analyzers, which come with this assembly. Nothing in the source can switch one off.</summary>
internal static class TenantAnalysis
{
    // What the driver says of an analyzer that threw: then nobody knows what it would have found.
    private const string AnalyzerFailed = "AD0001";

    private static readonly Lazy<ImmutableArray<DiagnosticAnalyzer>> s_analyzers = new(Read);

    /// <returns>The rules that are broken: those that are errors, whatever suppresses them.</returns>
    public static async Task<ImmutableArray<Diagnostic>> RunAsync(Compilation compilation, CancellationToken cancellationToken)
    {
        CompilationWithAnalyzersOptions options = new(
            new AnalyzerOptions([], new TenantProperties()),
            onAnalyzerException: null,
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: true);
        ImmutableArray<Diagnostic> found = await compilation
            .WithAnalyzers(s_analyzers.Value, options)
            .GetAnalyzerDiagnosticsAsync(cancellationToken)
            .ConfigureAwait(false);
        return [.. found.Where(static diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error || diagnostic.Id == AnalyzerFailed)];
    }

    private static ImmutableArray<DiagnosticAnalyzer> Read()
    {
        Assembly own = typeof(TenantAnalysis).Assembly;
        using Stream image = own.GetManifestResourceStream("OutboundInterception.Analyzers.dll")!;
        Assembly analyzers = AssemblyLoadContext.GetLoadContext(own)!.LoadFromStream(image);
        return [.. analyzers.GetTypes()
            .Where(static type => type.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];
    }

    /// <summary>What a project file says with OutboundTenantAssembly: all of it is tenant code.</summary>
    private sealed class TenantProperties : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Global();

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Global : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.OutboundTenantAssembly" ? "true" : null;
                return value is not null;
            }
        }
    }
}
