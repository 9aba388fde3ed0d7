namespace OutboundInterception;

/// <summary>How a client shows its secret to the token endpoint (RFC 6749, section 2.3.1).</summary>
public enum ClientAuthentication
{
    /// <summary>In the <c>Authorization</c> header, which every server must support.</summary>
    Header,

    /// <summary>In the body of the request.</summary>
    Body,
}
