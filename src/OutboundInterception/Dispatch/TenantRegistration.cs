using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>A tenant as it was registered, checked as far as that goes without services.</summary>
/// <param name="Name">The tenant's name.</param>
/// <param name="CreateEntry">Makes the entry that dispatches use.</param>
/// <param name="HandlerType">The handler's type where that is known, for the checks that need services.</param>
internal sealed record TenantRegistration(
    string Name,
    Func<TenantEntry> CreateEntry,
    [property: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type? HandlerType = null)
{
    public static TenantRegistration Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, ServiceLifetime lifetime)
        where THandler : class, ITenantHandler
    {
        TenantName.ThrowIfInvalid(name, nameof(name));
        bool scoped = IsScoped(lifetime);
        if (TenantConstructor.Refusal(typeof(THandler)) is { } refusal)
        {
            throw new ArgumentException($"Tenant '{name}': {refusal}", nameof(THandler));
        }

        return new TenantRegistration(name, () => new TenantEntry(name, TenantFactory<THandler>.Create, scoped), typeof(THandler));
    }

    public static TenantRegistration Of(string name, Func<IServiceProvider, ITenantHandler> factory, ServiceLifetime lifetime)
    {
        TenantName.ThrowIfInvalid(name, nameof(name));
        ArgumentNullException.ThrowIfNull(factory);
        bool scoped = IsScoped(lifetime);
        return new TenantRegistration(name, () => new TenantEntry(name, factory, scoped));
    }

    public static TenantRegistration Of(string name, TenantDelegate handler)
    {
        TenantName.ThrowIfInvalid(name, nameof(name));
        ArgumentNullException.ThrowIfNull(handler);
        return new TenantRegistration(name, () => new TenantEntry(name, new DelegateTenant(handler)));
    }

    public static bool IsScoped(ServiceLifetime lifetime) => lifetime switch
    {
        ServiceLifetime.Singleton => false,
        ServiceLifetime.Scoped => true,
        _ => throw new ArgumentException(
            "A tenant is a Singleton (one handler for all dispatches) or Scoped (one handler and one service scope per dispatch).", nameof(lifetime)),
    };

    private static class TenantFactory<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>
        where THandler : class, ITenantHandler
    {
        // One delegate a type, however many tenants share it.
        public static readonly Func<IServiceProvider, ITenantHandler> Create =
            static services => ActivatorUtilities.CreateInstance<THandler>(services);
    }
}
