namespace OutboundInterception;

/// <summary>What the builder's calls have said of one namespace. Named options of ours alone, so that order does not matter.</summary>
internal sealed class NamespaceSetup
{
    public List<TenantRegistration> Tenants { get; } = [];

    public List<WorkerRegistration> Workers { get; } = [];

    /// <summary>Those that run behind all others, whatever the order of the calls: what they add, no other worker sees.</summary>
    public List<WorkerRegistration> LastWorkers { get; } = [];

    public List<OutboundParameter> Parameters { get; } = [];

    /// <summary>Names of workers that configuration asks for.</summary>
    public List<string> WorkerServices { get; } = [];

    public List<Action<OutboundPolicyBuilder>> Policy { get; } = [];

    public List<Func<IServiceProvider, IOutboundObserver>> Observers { get; } = [];

    public bool DeniesAll { get; set; }
}
