using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>Deploys tenants from source.</summary>
public static class TenantSourceDeploymentExtensions
{
    /// <summary>
    /// Compiles source in the host, analyses and verifies it, and deploys it as a new version of a tenant: the way for code
    /// that nobody reviewed. Nobody has to vouch for it: what the host's own compiler wrote keeps to its types.
    /// </summary>
    /// <param name="deployments">The namespace's <see cref="DispatchNamespace.Deployments"/>.</param>
    /// <param name="tenant">1 to 128 of the characters <c>A-Z a-z 0-9 - _ . ~</c>.</param>
    /// <param name="source">The files.</param>
    /// <param name="options">The share of dispatches, tags and metadata; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the deployment before it takes effect.</param>
    /// <exception cref="ArgumentException">The name or an option is not valid.</exception>
    /// <exception cref="DeploymentException">
    /// The source does not compile, breaks a rule, or has no handler that can be made; its diagnostics name file, line and rule.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The namespace is shutting down.</exception>
    [RequiresUnreferencedCode("The tenant's code is not known when the host is trimmed.")]
    public static Task<TenantVersion> DeployAsync(
        this TenantDeployments deployments, string tenant, TenantSource source, DeployOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        ArgumentNullException.ThrowIfNull(source);
        DeploymentPlan plan = DeploymentPlan.Of(tenant, options);
        return CompileAndDeployAsync(deployments, plan, source, cancellationToken);
    }

    [RequiresUnreferencedCode("The tenant's code is not known when the host is trimmed.")]
    private static async Task<TenantVersion> CompileAndDeployAsync(
        TenantDeployments deployments, DeploymentPlan plan, TenantSource source, CancellationToken cancellationToken)
    {
        byte[] image = await Task.Run(() => TenantCompiler.CompileAsync(plan.Tenant, source, cancellationToken), cancellationToken).ConfigureAwait(false);
        return await deployments
            .DeployAsync(plan, TenantPackage.Compiled(image, source.HandlerType, plan.Lifetime), cancellationToken)
            .ConfigureAwait(false);
    }
}
