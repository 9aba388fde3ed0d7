using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OutboundInterception;

/// <summary>What of the process a tenant's references may lead to.</summary>
internal static class SharedAssemblies
{
    private static readonly FrozenSet<string> s_open = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "System.Runtime",
        "System.Collections",
        "System.Collections.Concurrent",
        "System.Collections.Immutable",
        "System.Linq",
        "System.Memory",
        "System.Net.Http",
        "System.Net.Http.Json",
        "System.Net.Primitives",
        "System.Net.WebSockets",
        "System.Text.Json",
        "System.Text.RegularExpressions",
        "System.Text.Encodings.Web",
        "System.Threading",
        "System.Threading.Channels");

    // The contracts show their insides to these names.
    private static readonly FrozenSet<string> s_friends = Contracts.GetCustomAttributes<InternalsVisibleToAttribute>()
        .Select(static friend => new AssemblyName(friend.AssemblyName).Name!)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The host's own: a copy would have other types.</summary>
    public static Assembly Contracts => typeof(ITenantHandler).Assembly;

    public static bool IsOpenToTenants(string simpleName) => s_open.Contains(simpleName);

    public static bool IsFramework(string simpleName) =>
        simpleName is "System" or "netstandard" or "mscorlib" or "WindowsBase" or "Microsoft.CSharp"
        || simpleName.StartsWith("System.", StringComparison.OrdinalIgnoreCase)
        || simpleName.StartsWith("Microsoft.Win32.", StringComparison.OrdinalIgnoreCase)
        || simpleName.StartsWith("Microsoft.VisualBasic", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an assembly of that name would stand in for one of ours or the framework's, or be let into the contracts' insides.</summary>
    public static bool IsReserved(string simpleName) =>
        IsFramework(simpleName)
        || s_friends.Contains(simpleName)
        || simpleName.Equals("OutboundInterception", StringComparison.OrdinalIgnoreCase)
        || simpleName.StartsWith("OutboundInterception.", StringComparison.OrdinalIgnoreCase);
}
