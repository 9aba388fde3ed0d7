using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

// How a version gets into a process: loaded, made once to see that it can be, put where tenants are found, or unloaded again.
public sealed partial class TenantDeployments
{
    /// <summary>Changes what is registered; what was loaded for it and found no place is unloaded.</summary>
    private void Place(string tenant, TenantEntry? loaded, Func<TenantEntry?, TenantDetails, (TenantEntry Entry, TenantDetails Details)> change)
    {
        bool used = false;
        try
        {
            _namespace.Tenants.Change(tenant, (current, details) =>
            {
                ObjectDisposedException.ThrowIf(_namespace.IsStopping, _namespace);
                (TenantEntry Entry, TenantDetails Details) result = change(current, details);
                used = result.Entry == loaded || result.Details.Split?.Candidate == loaded;
                return result;
            });
        }
        finally
        {
            if (loaded is not null && !used)
            {
                _ = RetireAsync(loaded, Task.CompletedTask);
            }
        }
    }

    [RequiresUnreferencedCode(TenantLoader.Requirement)]
    private async Task<TenantEntry> LoadAsync(string tenant, TenantPackage package, CancellationToken cancellationToken)
    {
        TenantLoader loader = new(tenant, Trust, _namespace.Services);
        LoadedTenant loaded = await Task.Run(() => loader.Load(package), cancellationToken).ConfigureAwait(false);
        TenantEntry entry = new(tenant, loaded, package.Lifetime == ServiceLifetime.Scoped);

        // The tenant's constructor: it may throw, and it may never return.
        Task<string?> trying = Task.Run(() => entry.TryMake(_namespace.Services), CancellationToken.None);
        try
        {
            string? problem = await trying.WaitAsync(cancellationToken).ConfigureAwait(false);
            return problem is null ? entry : throw new DeploymentException(tenant, "constructor", problem);
        }
        catch (Exception exception)
        {
            _ = RetireAsync(entry, trying);
            ExceptionDispatchInfo.Throw(exception);
            throw;
        }
    }

    private async Task RetireAsync(TenantEntry entry, Task before)
    {
        try
        {
            await before.ConfigureAwait(false);
            await entry.Retire().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It was never in force; what its own Dispose throws is for the log.
            Log.DisposeFailed(_namespace.Logger, exception, _namespace.Name, entry.Name);
        }
    }
}
