using OutboundInterception;

namespace Storefront;

/// <summary>Deploys what customers have uploaded, each folder as a tenant of its name, and keeps what was refused.</summary>
internal static class Uploads
{
    /// <returns>The diagnostics of each tenant that was refused.</returns>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<DeploymentDiagnostic>>> DeployAsync(DispatchNamespace tenants, string folder)
    {
        Dictionary<string, IReadOnlyList<DeploymentDiagnostic>> refused = [];
        foreach (string upload in Directory.EnumerateDirectories(folder).Order())
        {
            string tenant = Path.GetFileName(upload);
            try
            {
                await tenants.Deployments.DeployAsync(
                    tenant, await TenantSource.ReadFolderAsync(upload), new DeployOptions { Tags = [$"customer-of-{tenant}"] });
            }
            catch (DeploymentException exception)
            {
                refused.Add(tenant, exception.Diagnostics);
            }
        }

        return refused;
    }
}
