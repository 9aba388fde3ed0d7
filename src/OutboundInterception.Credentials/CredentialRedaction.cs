namespace OutboundInterception;

/// <summary>Where a secret that an origin sends back is hidden from the tenant.</summary>
public enum CredentialRedaction
{
    /// <summary>
    /// In the headers, the trailers and the body of the response: overwritten with as many asterisks, as it was sent and as JSON,
    /// HTML or a URL would have it, if it has 8 characters or more. The request then asks for the whole body unencoded
    /// (<c>Accept-Encoding</c> and <c>Range</c> are dropped), and a body that comes encoded all the same is refused.
    /// </summary>
    HeadersAndBody,

    /// <summary>
    /// In the headers alone. For origins whose bodies must stay compressed, or are fetched in ranges, and that echo nothing.
    /// </summary>
    Headers,
}
