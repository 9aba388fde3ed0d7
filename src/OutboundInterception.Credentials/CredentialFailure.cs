namespace OutboundInterception;

/// <summary>Why there was no credential for a subrequest, or no response that a tenant may see.</summary>
public enum CredentialFailure
{
    /// <summary>The token endpoint could not be reached, or broke off.</summary>
    Unreachable,

    /// <summary>The token endpoint did not answer in time.</summary>
    Timeout,

    /// <summary>The token endpoint refused: <see cref="CredentialException.OAuthError"/> says why, where it did.</summary>
    Refused,

    /// <summary>The token endpoint's answer is no token: not JSON, too long, without a token, or of a type other than Bearer.</summary>
    InvalidResponse,

    /// <summary>What a delegate of the host gave cannot stand in a header.</summary>
    InvalidValue,

    /// <summary>The origin's response is encoded, so that a secret in it could not be found.</summary>
    EncodedResponse,
}
