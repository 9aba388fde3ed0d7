using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>How a version of a tenant is deployed.</summary>
public sealed class DeployOptions
{
    /// <summary>The share of new dispatches that go to the version, the rest staying with the one in force.</summary>
    /// <value>Percent, more than 0 to 100; 100 by default: all, at once. A tenant's first version takes all.</value>
    public double Percent { get; init; } = 100;

    /// <summary>Whether all dispatches share one handler, or each has its own in a service scope of its own.</summary>
    /// <value><see cref="ServiceLifetime.Singleton"/> by default; or <see cref="ServiceLifetime.Scoped"/>.</value>
    public ServiceLifetime Lifetime { get; init; } = ServiceLifetime.Singleton;

    /// <summary>Tags for the tenant, as <see cref="TenantCollection.SetTags"/> has them.</summary>
    /// <value><see langword="null"/> by default: the tenant keeps those that it has.</value>
    public IReadOnlyCollection<string>? Tags { get; init; }

    /// <summary>Metadata for the tenant, as <see cref="TenantCollection.SetMetadata"/> has it.</summary>
    /// <value><see langword="null"/> by default: the tenant keeps what it has.</value>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
