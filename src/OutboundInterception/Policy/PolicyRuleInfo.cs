namespace OutboundInterception;

/// <summary>A rule of a policy, to show to people.</summary>
/// <param name="Id">Its name, as decisions have it.</param>
/// <param name="IsDeny">Whether it refuses what it matches.</param>
/// <param name="IsTenants">Whether it is the tenant's own, not the namespace's.</param>
/// <param name="Conditions">What it matches, such as <c>api.example.com, *.example.net; https; port 443; GET, POST; /v1/</c>; of more than 20 hosts the first.</param>
public readonly record struct PolicyRuleInfo(string Id, bool IsDeny, bool IsTenants, string Conditions);
