using System.Collections.Immutable;

namespace OutboundInterception;

/// <summary>The versions that are kept of one tenant. Immutable; it holds bytes, not loaded code.</summary>
internal sealed record DeployedVersions
{
    public static readonly DeployedVersions None = new();

    public ImmutableArray<DeployedVersion> Kept { get; private init; } = [];

    /// <summary>The number that was given last.</summary>
    public int Last { get; private init; }

    /// <summary>The version in force, or 0 if what is in force was not deployed.</summary>
    public int Stable { get; private init; }

    /// <summary>The version that has a share, or 0.</summary>
    public int Candidate { get; private init; }

    /// <summary>What was in force before, the latest last.</summary>
    private ImmutableArray<int> History { get; init; } = [];

    public DeployedVersion? Find(int number) => Kept.FirstOrDefault(version => version.Number == number);

    /// <summary>The version that was in force before the present one and is still kept.</summary>
    public DeployedVersion? Previous() => History.Reverse().Select(Find).FirstOrDefault(version => version is not null && version.Number != Stable);

    public DeployedVersions Add(TenantPackage package, DateTimeOffset time) =>
        this with { Kept = Kept.Add(new DeployedVersion(Last + 1, package, time)), Last = Last + 1 };

    public DeployedVersions WithCandidate(int number, int kept) => (this with { Candidate = number }).Prune(kept);

    public DeployedVersions WithStable(int number, int kept) =>
        (this with { Stable = number, Candidate = 0, History = Stable is 0 || Stable == number ? History : History.Add(Stable) }).Prune(kept);

    /// <summary>Goes back: what was in force since is no longer what one goes back to.</summary>
    public DeployedVersions RolledBackTo(int number)
    {
        int index = History.LastIndexOf(number);
        return this with { Stable = number, Candidate = 0, History = index < 0 ? History : History[..index] };
    }

    public DeployedVersions Without(int number) => this with { Kept = Kept.RemoveAll(version => version.Number == number) };

    public double PercentOf(int number, TrafficSplit? split) =>
        number == Stable ? 100 - (split?.Percent ?? 0) : number == Candidate ? split?.Percent ?? 0 : 0;

    private DeployedVersions Prune(int kept)
    {
        DeployedVersions pruned = this;
        while (pruned.Kept.Length > kept
            && pruned.Kept.FirstOrDefault(version => version.Number != Stable && version.Number != Candidate) is { } oldest)
        {
            pruned = pruned.Without(oldest.Number);
        }

        return pruned with { History = [.. pruned.History.Where(number => pruned.Find(number) is not null)] };
    }
}
