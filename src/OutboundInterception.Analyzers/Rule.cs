using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>Makes the descriptors of this package's rules.</summary>
internal static class Rule
{
    private const string Readme = "https://www.nuget.org/packages/OutboundInterception.Abstractions#";

    /// <summary>
    /// A rule that can't be talked away. <c>NotConfigurable</c> stops pragmas, <c>NoWarn</c>, rule sets and .editorconfig,
    /// <c>Compiler</c> stops <c>SuppressMessage</c>: Roslyn applies that to no diagnostic of the compiler's own.
    /// </summary>
    public static DiagnosticDescriptor Error(string id, string title, string message, string description) =>
        Create(id, title, message, description, DiagnosticSeverity.Error, [WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler]);

    /// <summary>The same for a rule that is found when the whole compilation has been seen.</summary>
    public static DiagnosticDescriptor ErrorAtEnd(string id, string title, string message, string description) =>
        Create(
            id, title, message, description, DiagnosticSeverity.Error,
            [WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler, WellKnownDiagnosticTags.CompilationEnd]);

    /// <summary>A hint to the host, or to a tenant about its own work, which may be configured.</summary>
    public static DiagnosticDescriptor Warning(string id, string title, string message, string description) =>
        Create(id, title, message, description, DiagnosticSeverity.Warning, []);

    /// <summary>The same for a hint that is found when the whole compilation has been seen.</summary>
    public static DiagnosticDescriptor WarningAtEnd(string id, string title, string message, string description) =>
        Create(id, title, message, description, DiagnosticSeverity.Warning, [WellKnownDiagnosticTags.CompilationEnd]);

    private static DiagnosticDescriptor Create(
        string id, string title, string message, string description, DiagnosticSeverity severity, string[] tags) =>
        new(id, title, message, "OutboundInterception", severity, isEnabledByDefault: true, description,
            Readme + id.ToLowerInvariant(), tags);
}
