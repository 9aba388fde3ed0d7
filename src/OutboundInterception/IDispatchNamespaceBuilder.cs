using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>Configures one namespace while services are being registered.</summary>
public interface IDispatchNamespaceBuilder
{
    /// <summary>The name under which the namespace is registered.</summary>
    string Name { get; }

    /// <summary>Where its services are registered.</summary>
    IServiceCollection Services { get; }
}
