using System.Reflection;
using System.Runtime.Loader;

namespace OutboundInterception;

/// <summary>
/// Holds the code of one version of one tenant. It resolves the contracts, the framework assemblies that tenants may use,
/// and the version's own libraries; nothing else of the process, whatever a reference asks for.
/// </summary>
internal sealed class TenantLoadContext(string name, IReadOnlyDictionary<string, Assembly> libraries)
    : AssemblyLoadContext(name, isCollectible: true)
{
    protected override Assembly Load(AssemblyName assemblyName)
    {
        string wanted = assemblyName.Name ?? string.Empty;
        if (wanted == SharedAssemblies.Contracts.GetName().Name)
        {
            return SharedAssemblies.Contracts;
        }

        if (SharedAssemblies.IsOpenToTenants(wanted))
        {
            return SharedAssemblies.Host.LoadFromAssemblyName(new AssemblyName(wanted));
        }

        // Null would mean: ask the host's own context, which has everything.
        return libraries.TryGetValue(wanted, out Assembly? library)
            ? library
            : throw new FileNotFoundException($"The assembly '{wanted}' is not open to tenants.", wanted);
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        throw new DllNotFoundException($"The native library '{unmanagedDllName}' is not open to tenants.");
}
