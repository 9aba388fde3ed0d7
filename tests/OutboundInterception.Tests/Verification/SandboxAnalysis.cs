using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OutboundInterception.Analyzers;

namespace OutboundInterception.Tests.Verification;

/// <summary>Asks the analyzer about a snippet, as a project does that says that it is tenant code.</summary>
internal static class SandboxAnalysis
{
    /// <summary>What it reports; nothing if the snippet may pass.</summary>
    public static IReadOnlyList<string> Check(CorpusSnippet snippet)
    {
        var options = new AnalyzerOptions([], new ProjectProperties());
        CompilationWithAnalyzers analysis = snippet.Compilation.WithAnalyzers([new TenantCodeAnalyzer()], options);
        ImmutableArray<Diagnostic> diagnostics = analysis.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return [.. diagnostics.Select(diagnostic => $"{diagnostic.Location.GetLineSpan()}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}")];
    }

    private sealed class ProjectProperties : AnalyzerConfigOptionsProvider
    {
        private readonly TenantAssembly _options = new();

        public override AnalyzerConfigOptions GlobalOptions => _options;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _options;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _options;
    }

    private sealed class TenantAssembly : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) =>
            (value = key == "build_property.OutboundTenantAssembly" ? "true" : null) is not null;
    }
}
