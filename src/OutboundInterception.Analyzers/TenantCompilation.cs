using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OutboundInterception.Analyzers;

/// <summary>What a compilation says of itself. Types are matched by full name, whichever assembly declares them.</summary>
internal static class TenantCompilation
{
    private const string Attribute = "OutboundInterception.OutboundTenantAssemblyAttribute";

    /// <summary>Whether the whole assembly is tenant code: by project property or by assembly attribute.</summary>
    public static bool IsTenantAssembly(Compilation compilation, AnalyzerOptions options) =>
        Property(options, "OutboundTenantAssembly") || Mark(compilation.Assembly) is not null;

    /// <summary>Whether the assembly is marked for namespaces whose outbound workers are in the way of raw sockets.</summary>
    public static bool HasOutboundWorkers(Compilation compilation, AnalyzerOptions options) =>
        Property(options, "OutboundTenantHasOutboundWorkers")
        || (Mark(compilation.Assembly)?.NamedArguments.Any(argument => argument is { Key: "HasOutboundWorkers", Value.Value: true }) ?? false);

    /// <summary>The mark of a tenant assembly.</summary>
    public static AttributeData? Mark(IAssemblySymbol assembly) =>
        assembly.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == Attribute);

    private static bool Property(AnalyzerOptions options, string name) =>
        options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property." + name, out string? value)
        && value.Equals("true", StringComparison.OrdinalIgnoreCase);
}
