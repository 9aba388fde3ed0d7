namespace OutboundInterception;

/// <summary>What one tenant has used in a period.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Subrequests">Subrequests that have ended in the period, blocked ones and each redirect hop included.</param>
/// <param name="Blocked">Those that policy, address guard or an outbound worker refused.</param>
/// <param name="Failed">Those that ended with a failure and were not blocked.</param>
/// <param name="Retries">How often they were sent again.</param>
/// <param name="RequestBytes">Bytes of bodies sent.</param>
/// <param name="ResponseBytes">Bytes of bodies received.</param>
/// <param name="Duration">The time that they took together; those that ran side by side count each.</param>
public readonly record struct TenantUsage(
    string Tenant, long Subrequests, long Blocked, long Failed, long Retries, long RequestBytes, long ResponseBytes, TimeSpan Duration);
