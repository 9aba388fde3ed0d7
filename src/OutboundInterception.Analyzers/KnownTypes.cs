using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>The library's types that rules speak of. They are known by full name, so that any declaration of the contracts will do.</summary>
internal static class KnownTypes
{
    public const string TenantHandler = "OutboundInterception.ITenantHandler";
    public const string TenantDelegate = "OutboundInterception.TenantDelegate";
    public const string TenantContext = "OutboundInterception.TenantContext";
    public const string OutboundWorker = "OutboundInterception.IOutboundWorker";
    public const string OutboundContext = "OutboundInterception.OutboundContext";
    public const string OutboundParameter = "OutboundInterception.OutboundParameter";

    /// <summary>A type of the compilation, its own first; <see langword="null"/> if nothing declares it.</summary>
    public static INamedTypeSymbol? Find(Compilation compilation, string name) =>
        compilation.Assembly.GetTypeByMetadataName(name) ?? compilation.GetTypesByMetadataName(name).FirstOrDefault();

    /// <summary>Whether a type has this full name, type arguments aside.</summary>
    public static bool Is(ITypeSymbol? type, string name) =>
        type is INamedTypeSymbol named && name.EndsWith(named.Name, StringComparison.Ordinal) && named.ContainingNamespace?.ToDisplayString() + "." + named.Name == name;

    /// <summary>Whether a type implements an interface of this full name.</summary>
    public static bool Implements(ITypeSymbol? type, string name) =>
        type is not null && type.AllInterfaces.Any(contract => Is(contract, name));
}
