namespace Storefront;

/// <summary>Who pays for a tenant, as the platform knows it.</summary>
public sealed record Customer(string Id, string Plan);
