using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OutboundInterception;

/// <summary>What of the process a tenant's references may lead to.</summary>
internal static class SharedAssemblies
{
    // The contracts show their insides to these names.
    private static readonly FrozenSet<string> s_friends = Contracts.GetCustomAttributes<InternalsVisibleToAttribute>()
        .Select(static friend => new AssemblyName(friend.AssemblyName).Name!)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The host's own: a copy would have other types.</summary>
    public static Assembly Contracts => typeof(ITenantHandler).Assembly;

    /// <summary>Where the library and what it refers to are loaded: the process's own context, unless the host is a plug-in itself.</summary>
    public static AssemblyLoadContext Host => AssemblyLoadContext.GetLoadContext(Contracts)!;

    public static bool IsOpenToTenants(string simpleName) => SandboxPolicy.Default.KnowsAssembly(simpleName);

    public static bool IsFramework(string simpleName) =>
        simpleName is "System" or "netstandard" or "mscorlib" or "WindowsBase" or "Microsoft.CSharp"
        || simpleName.StartsWith("System.", StringComparison.OrdinalIgnoreCase)
        || simpleName.StartsWith("Microsoft.Win32.", StringComparison.OrdinalIgnoreCase)
        || simpleName.StartsWith("Microsoft.VisualBasic", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an assembly of that name would stand in for one of ours or the framework's, or be let into the contracts' insides.</summary>
    public static bool IsReserved(string simpleName) =>
        IsFramework(simpleName)
        || IsOpenToTenants(simpleName)
        || s_friends.Contains(simpleName)
        || simpleName.Equals("OutboundInterception", StringComparison.OrdinalIgnoreCase)
        || simpleName.StartsWith("OutboundInterception.", StringComparison.OrdinalIgnoreCase);
}
