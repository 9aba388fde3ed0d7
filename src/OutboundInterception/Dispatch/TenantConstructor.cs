using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>What a tenant's constructor may take: what the host grants, and nothing that is a way around the context.</summary>
internal static class TenantConstructor
{
    // Compared by name where the type lives in a package that this one does not reference.
    private static readonly Dictionary<string, string> s_refused = new(StringComparer.Ordinal)
    {
        ["System.IServiceProvider"] = "it leads to every service of the host; take the services that the tenant is meant to have",
        ["Microsoft.Extensions.DependencyInjection.IServiceScopeFactory"] = "it leads to every service of the host; take the services that the tenant is meant to have",
        ["Microsoft.Extensions.DependencyInjection.IKeyedServiceProvider"] = "it leads to every service of the host; take the services that the tenant is meant to have",
        ["System.Net.Http.HttpClient"] = "its requests would pass no outbound worker; use context.Http",
        ["System.Net.Http.HttpMessageInvoker"] = "its requests would pass no outbound worker; use context.Http",
        ["System.Net.Http.HttpMessageHandler"] = "its requests would pass no outbound worker; use context.CreateHandler()",
        ["System.Net.Http.IHttpClientFactory"] = "its clients' requests would pass no outbound worker; use context.Http",
        ["System.Net.Http.IHttpMessageHandlerFactory"] = "its handlers' requests would pass no outbound worker; use context.CreateHandler()",
        ["Microsoft.AspNetCore.Http.IHttpContextAccessor"] = "it shows the host's own request; use the request that FetchAsync is given",
        ["OutboundInterception.DispatchNamespace"] = "it would dispatch with outbound parameters of the tenant's choosing; use context.Dispatch",
        ["OutboundInterception.IDispatchNamespaces"] = "it would dispatch with outbound parameters of the tenant's choosing; use context.Dispatch",
    };

    /// <summary>Why the type may not be a tenant, or <see langword="null"/>.</summary>
    public static string? Refusal([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type handler)
    {
        if (handler.IsAbstract)
        {
            return $"{handler} is abstract, so no handler can be made of it. Register a class.";
        }

        ConstructorInfo[] constructors = handler.GetConstructors();
        if (constructors.Length == 0)
        {
            return $"{handler} has no public constructor. Give it one, or register it with a factory.";
        }

        foreach (ParameterInfo parameter in constructors.SelectMany(static constructor => constructor.GetParameters()))
        {
            if (RefusalOf(parameter.ParameterType) is { } why)
            {
                return $"the constructor of {handler} takes {parameter.ParameterType} ({parameter.Name}): {why}.";
            }
        }

        return null;
    }

    /// <summary>Why no constructor can be called with the host's services, or <see langword="null"/>.</summary>
    public static string? Unresolvable(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, IServiceProviderIsService services)
    {
        string? reason = null;
        foreach (ConstructorInfo constructor in type.GetConstructors())
        {
            ParameterInfo? missing = Array.Find(
                constructor.GetParameters(),
                parameter => !parameter.HasDefaultValue && !IsKnown(parameter, services));
            if (missing is null)
            {
                return null;
            }

            reason ??= $"the constructor of {type} takes {missing.ParameterType} ({missing.Name}), which is not a registered service. Register it, or register the type with a factory.";
        }

        return reason;
    }

    private static bool IsKnown(ParameterInfo parameter, IServiceProviderIsService services) =>
        parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
            ? services is not IServiceProviderIsKeyedService keyedServices || keyedServices.IsKeyedService(parameter.ParameterType, keyed.Key)
            : parameter.ParameterType == typeof(IServiceProvider) || services.IsService(parameter.ParameterType);

    private static string? RefusalOf(Type type)
    {
        // A Func<HttpClient>, Lazy<HttpClient> or IEnumerable<HttpClient> hands out the same.
        if (type.IsGenericType && type.GetGenericArguments().Select(RefusalOf).FirstOrDefault(static why => why is not null) is { } inner)
        {
            return inner;
        }

        if (type.HasElementType)
        {
            return RefusalOf(type.GetElementType()!);
        }

        for (Type? current = type; current is not null; current = current.BaseType)
        {
            if (current.FullName is { } name && s_refused.TryGetValue(name, out string? why))
            {
                return why;
            }
        }

        return null;
    }
}
