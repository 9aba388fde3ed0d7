using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

internal sealed class DispatchNamespaceBuilder(string name, IServiceCollection services) : IDispatchNamespaceBuilder
{
    public string Name => name;

    public IServiceCollection Services => services;
}
