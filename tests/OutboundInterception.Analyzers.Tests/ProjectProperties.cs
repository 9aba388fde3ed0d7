using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OutboundInterception.Analyzers.Tests;

/// <summary>The compiler-visible properties of a project.</summary>
internal sealed class ProjectProperties((string Key, string Value)[] properties) : AnalyzerConfigOptionsProvider
{
    private readonly Options _options = new(properties.ToImmutableDictionary(property => "build_property." + property.Key, property => property.Value, StringComparer.OrdinalIgnoreCase));

    public override AnalyzerConfigOptions GlobalOptions => _options;

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _options;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _options;

    private sealed class Options(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
