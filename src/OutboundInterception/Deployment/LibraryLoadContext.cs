using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace OutboundInterception;

/// <summary>
/// Holds the libraries of one version of one tenant, apart from those of others: their static state is shared with nobody.
/// The host vouches for them, so they may use the whole framework; of the host's own assemblies they get none.
/// </summary>
internal sealed class LibraryLoadContext(string name) : AssemblyLoadContext(name, isCollectible: true)
{
    private readonly Dictionary<string, Assembly> _libraries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was added, by simple name.</summary>
    public IReadOnlyDictionary<string, Assembly> Libraries => _libraries;

    [RequiresUnreferencedCode(TenantLoader.Requirement)]
    public void Add(string simpleName, byte[] image)
    {
        using MemoryStream stream = new(image, writable: false);
        _libraries.Add(simpleName, LoadFromStream(stream));
    }

    protected override Assembly Load(AssemblyName assemblyName)
    {
        string wanted = assemblyName.Name ?? string.Empty;
        if (_libraries.TryGetValue(wanted, out Assembly? library))
        {
            return library;
        }

        if (wanted == SharedAssemblies.Contracts.GetName().Name)
        {
            return SharedAssemblies.Contracts;
        }

        return SharedAssemblies.IsFramework(wanted)
            ? SharedAssemblies.Host.LoadFromAssemblyName(new AssemblyName(wanted))
            : throw new FileNotFoundException($"The assembly '{wanted}' is neither of the framework nor among the tenant's libraries.", wanted);
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        throw new DllNotFoundException($"The native library '{unmanagedDllName}' is not open to a tenant's libraries.");
}
