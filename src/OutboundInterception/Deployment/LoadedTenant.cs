using System.Runtime.Loader;

namespace OutboundInterception;

/// <summary>Code that was loaded for one version of a tenant, until its last dispatch has ended.</summary>
internal sealed class LoadedTenant(Func<IServiceProvider, ITenantHandler> create, params AssemblyLoadContext[] contexts)
{
    private Func<IServiceProvider, ITenantHandler>? _create = create;
    private AssemblyLoadContext[] _contexts = contexts;

    public ITenantHandler Create(IServiceProvider services) =>
        (_create ?? throw new ObjectDisposedException(nameof(LoadedTenant)))(services);

    /// <summary>Lets go of the code. The runtime collects it as soon as nothing of it runs or is referenced any more.</summary>
    public void Unload()
    {
        _create = null;
        AssemblyLoadContext[] contexts = Interlocked.Exchange(ref _contexts, []);
        Array.ForEach(contexts, static context => context.Unload());
        SerializerCache.Clear();
    }
}
