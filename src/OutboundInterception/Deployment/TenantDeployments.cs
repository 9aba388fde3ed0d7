using System.Diagnostics.CodeAnalysis;

namespace OutboundInterception;

/// <summary>
/// Tenants whose code comes at run time, in versions. A version that is deployed takes new dispatches at once or a share of
/// them; running ones finish on the version that they began on, whose code is unloaded after its last. Safe for use by
/// several threads; of two deployments at once, the one that is ready last is in force.
/// </summary>
/// <remarks>A deployment that fails changes nothing. Versions are kept in memory, and are gone with the process.</remarks>
public sealed partial class TenantDeployments
{
    private readonly DispatchNamespace _namespace;
    private readonly int _kept;

    internal TenantDeployments(DispatchNamespace @namespace, int kept)
    {
        _namespace = @namespace;
        _kept = kept;
    }

    /// <summary>Which compiled code the host vouches for.</summary>
    public AssemblyTrust Trust { get; } = new();

    /// <summary>Verifies an assembly and deploys it as a new version of a tenant, which need not exist yet.</summary>
    /// <param name="tenant">1 to 128 of the characters <c>A-Z a-z 0-9 - _ . ~</c>.</param>
    /// <param name="assembly">Copied before this returns: what its owner does to the bytes afterwards changes nothing.</param>
    /// <param name="options">The share of dispatches, tags and metadata; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the deployment before it takes effect.</param>
    /// <exception cref="ArgumentException">The name or an option is not valid.</exception>
    /// <exception cref="DeploymentException">The assembly is not trusted, breaks a rule, cannot be loaded, or has no handler that can be made.</exception>
    /// <exception cref="ObjectDisposedException">The namespace is shutting down.</exception>
    [RequiresUnreferencedCode(TenantLoader.Requirement)]
    public Task<TenantVersion> DeployAsync(
        string tenant, TenantAssembly assembly, DeployOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        DeploymentPlan plan = DeploymentPlan.Of(tenant, options);
        return DeployAsync(plan, new TenantPackage(assembly, plan.Lifetime), cancellationToken);
    }

    /// <summary>Gives a kept version all new dispatches, or a share of them. One that is not loaded any more is loaded again.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="version">Its <see cref="TenantVersion.Number"/>.</param>
    /// <param name="percent">More than 0 to 100. With less than 100, the rest stays with the version in force, and another that had a share loses it.</param>
    /// <param name="cancellationToken">Ends it before it takes effect.</param>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    /// <exception cref="ArgumentException">That version is not kept, or the share is out of range.</exception>
    /// <exception cref="DeploymentException">The host no longer vouches for it, or its handler cannot be made.</exception>
    [RequiresUnreferencedCode(TenantLoader.Requirement)]
    public Task<TenantVersion> ActivateAsync(string tenant, int version, double percent = 100, CancellationToken cancellationToken = default)
    {
        DeploymentPlan.ThrowIfInvalid(percent);
        DeployedVersions versions = GetVersions(tenant);
        DeployedVersion wanted = versions.Find(version) ?? throw NotKept(tenant, version, versions);
        return ActivateAsync(tenant, wanted, percent, static (versions, number, kept) => versions.WithStable(number, kept), cancellationToken);
    }

    /// <summary>
    /// Takes back the last change: a version that has a share loses it; else the version that was in force before is in force
    /// again. Called again, it goes further back.
    /// </summary>
    /// <returns>The version in force.</returns>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to go back to.</exception>
    /// <exception cref="DeploymentException">The host no longer vouches for it, or its handler cannot be made.</exception>
    [RequiresUnreferencedCode(TenantLoader.Requirement)]
    public Task<TenantVersion> RollBackAsync(string tenant, CancellationToken cancellationToken = default)
    {
        DeployedVersions versions = GetVersions(tenant);
        DeployedVersion? target = versions.Candidate == 0 ? versions.Previous() : versions.Find(versions.Stable);
        return target is null
            ? throw new InvalidOperationException($"No version of tenant '{tenant}' before the present one is kept. Deploy the one that is wanted.")
            : ActivateAsync(tenant, target, 100, static (versions, number, _) => versions.RolledBackTo(number), cancellationToken);
    }

    /// <summary>Forgets a version, and takes its share away where it has one. Running dispatches finish.</summary>
    /// <returns>Whether it was kept.</returns>
    /// <exception cref="InvalidOperationException">It is the one in force: activate another, or remove the tenant with <see cref="TenantCollection.Remove(string)"/>.</exception>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    public bool Remove(string tenant, int version)
    {
        bool removed = false;
        ArgumentNullException.ThrowIfNull(tenant);
        _namespace.Tenants.Change(tenant, (entry, details) =>
        {
            DeployedVersions versions = details.Versions ?? DeployedVersions.None;
            if (entry is null)
            {
                throw new TenantNotFoundException(tenant, _namespace.Name);
            }

            if (version != 0 && version == versions.Stable)
            {
                throw new InvalidOperationException($"Version {version} of tenant '{tenant}' is in force. Activate another version, or remove the tenant with Tenants.Remove.");
            }

            removed = versions.Find(version) is not null;
            return (entry, version == versions.Candidate && removed
                ? details with { Versions = versions.WithCandidate(0, _kept).Without(version), Split = null }
                : details with { Versions = versions.Without(version) });
        });
        return removed;
    }

    /// <summary>The versions of a tenant that are kept, the oldest first; none for a tenant that was not deployed.</summary>
    /// <exception cref="TenantNotFoundException">There is no such tenant.</exception>
    public IReadOnlyList<TenantVersion> VersionsOf(string tenant)
    {
        TenantDetails details = GetDetails(tenant);
        return [.. (details.Versions ?? DeployedVersions.None).Kept.Select(version => Describe(tenant, version, details))];
    }

    [RequiresUnreferencedCode(TenantLoader.Requirement)]
    internal async Task<TenantVersion> DeployAsync(DeploymentPlan plan, TenantPackage package, CancellationToken cancellationToken)
    {
        TenantEntry entry;
        try
        {
            entry = await LoadAsync(plan.Tenant, package, cancellationToken).ConfigureAwait(false);
        }
        catch (DeploymentException exception)
        {
            Log.DeploymentRefused(_namespace.Logger, _namespace.Name, plan.Tenant, package.Sha256, exception.Diagnostics.Count, exception.Diagnostics[0].Rule);
            throw;
        }

        TenantDetails? placed = null;
        DeployedVersion? version = null;
        Place(plan.Tenant, entry, (current, details) =>
        {
            DeployedVersions versions = (details.Versions ?? DeployedVersions.None).Add(package, _namespace.Time.GetUtcNow());
            version = versions.Kept[^1];
            placed = details with { Labels = plan.Label(details.Labels) };
            (TenantEntry Entry, TenantDetails Details) result = current is null || plan.Percent == 100
                ? (entry, placed with { Versions = versions.WithStable(version.Number, _kept), Split = null })
                : (current, placed with { Versions = versions.WithCandidate(version.Number, _kept), Split = new TrafficSplit(entry, plan.Percent) });
            placed = result.Details;
            return result;
        });
        return Report(plan.Tenant, version!, placed!);
    }

    [RequiresUnreferencedCode(TenantLoader.Requirement)]
    private async Task<TenantVersion> ActivateAsync(
        string tenant, DeployedVersion version, double percent, Func<DeployedVersions, int, int, DeployedVersions> promote, CancellationToken cancellationToken)
    {
        TenantEntry? loaded = IsLive(GetVersions(tenant), version)
            ? null
            : await LoadAsync(tenant, version.Package, cancellationToken).ConfigureAwait(false);
        TenantDetails? placed = null;
        Place(tenant, loaded, (current, details) =>
        {
            DeployedVersions versions = details.Versions ?? DeployedVersions.None;
            int number = version.Number;
            if (current is null || versions.Find(number) != version)
            {
                throw NotKept(tenant, number, versions);
            }

            bool isStable = number == versions.Stable;
            if (isStable && percent < 100)
            {
                throw new ArgumentException($"Version {number} of tenant '{tenant}' is in force. Activate the other version with the share that it is to have.", nameof(percent));
            }

            // One that runs already is not loaded twice: its handler's state goes on.
            TenantEntry entry = isStable
                ? current
                : number == versions.Candidate ? details.Split!.Candidate : loaded ?? throw new InvalidOperationException($"Version {number} of tenant '{tenant}' was replaced meanwhile. Try again.");
            (TenantEntry Entry, TenantDetails Details) result = percent == 100
                ? (entry, details with { Versions = promote(versions, number, _kept), Split = null })
                : (current, details with { Versions = versions.WithCandidate(number, _kept), Split = new TrafficSplit(entry, percent) });
            placed = result.Details;
            return result;
        });
        return Report(tenant, version, placed!);
    }

    private static bool IsLive(DeployedVersions versions, DeployedVersion version) =>
        version.Number == versions.Stable || version.Number == versions.Candidate;

    private TenantVersion Report(string tenant, DeployedVersion version, TenantDetails details)
    {
        TenantVersion described = Describe(tenant, version, details);
        Log.Deployed(_namespace.Logger, _namespace.Name, tenant, described.Number, described.Sha256, described.Percent);
        return described;
    }

    private static TenantVersion Describe(string tenant, DeployedVersion version, TenantDetails details) => new()
    {
        Tenant = tenant,
        Number = version.Number,
        Sha256 = version.Package.Sha256,
        IsFromSource = version.Package.IsFromSource,
        Deployed = version.Time,
        Percent = details.Versions!.PercentOf(version.Number, details.Split),
    };

    private TenantDetails GetDetails(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return _namespace.Tenants.DetailsOf(tenant) ?? throw new TenantNotFoundException(tenant, _namespace.Name);
    }

    private DeployedVersions GetVersions(string tenant) => GetDetails(tenant).Versions ?? DeployedVersions.None;

    private static ArgumentException NotKept(string tenant, int version, DeployedVersions versions) => new(
        $"Tenant '{tenant}' has no version {version}. It has: {(versions.Kept.IsEmpty ? "none" : string.Join(", ", versions.Kept.Select(static kept => kept.Number)))}.",
        nameof(version));
}
