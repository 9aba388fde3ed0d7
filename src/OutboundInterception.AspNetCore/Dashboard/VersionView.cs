namespace OutboundInterception;

/// <summary>A version of a tenant that is kept.</summary>
internal sealed record VersionView(int Number, double Percent, DateTimeOffset Deployed, string Sha256)
{
    public static VersionView Of(TenantVersion version) => new(version.Number, version.Percent, version.Deployed, version.Sha256);
}
