using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>The options of one deployment, checked and copied.</summary>
internal sealed record DeploymentPlan(
    string Tenant, double Percent, ServiceLifetime Lifetime, FrozenSet<string>? Tags, FrozenDictionary<string, string>? Metadata)
{
    /// <exception cref="ArgumentException">The name or an option is not valid.</exception>
    public static DeploymentPlan Of(string tenant, DeployOptions? options)
    {
        TenantName.ThrowIfInvalid(tenant, nameof(tenant));
        options ??= new DeployOptions();
        ThrowIfInvalid(options.Percent);
        TenantRegistration.IsScoped(options.Lifetime);
        return new DeploymentPlan(
            tenant,
            options.Percent,
            options.Lifetime,
            options.Tags is null ? null : TenantLabels.CheckTags(options.Tags),
            options.Metadata is null ? null : TenantLabels.CheckMetadata(options.Metadata));
    }

    public static void ThrowIfInvalid(double percent)
    {
        // Not a number is not above 0.
        if (!(percent > 0 && percent <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A share is more than 0 and at most 100 percent.");
        }
    }

    public TenantLabels Label(TenantLabels labels) => new(Tags ?? labels.Tags, Metadata ?? labels.Metadata);
}
