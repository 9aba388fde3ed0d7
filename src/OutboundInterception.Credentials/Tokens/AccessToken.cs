namespace OutboundInterception;

/// <summary>A token, and when it is no longer used.</summary>
internal sealed record AccessToken(IssuedCredential Credential, DateTimeOffset RefreshAt);
