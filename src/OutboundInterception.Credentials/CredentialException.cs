namespace OutboundInterception;

/// <summary>
/// A subrequest was refused because its credential was not to be had, or because the response might have shown it. It is for
/// the host's log; the tenant gets an <see cref="OutboundException"/> without the text. It never holds a secret.
/// </summary>
public sealed class CredentialException : Exception
{
    internal CredentialException(CredentialFailure failure, string message, string? oAuthError = null, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        OAuthError = oAuthError;
    }

    /// <summary>What went wrong.</summary>
    public CredentialFailure Failure { get; }

    /// <summary>The token endpoint's error code, such as <c>invalid_client</c> (RFC 6749, section 5.2), where it gave one.</summary>
    public string? OAuthError { get; }
}
