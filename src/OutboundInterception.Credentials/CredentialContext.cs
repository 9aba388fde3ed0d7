namespace OutboundInterception;

/// <summary>What a host's delegate is told of the subrequest that it gives a credential for.</summary>
public readonly struct CredentialContext
{
    internal CredentialContext(OutboundContext outbound, Uri uri, HttpMethod method, bool wasRejected)
    {
        Outbound = outbound;
        Uri = uri;
        Method = method;
        WasRejected = wasRejected;
    }

    /// <summary>The dispatch: its tenant, and its outbound parameters, which the namespace must declare.</summary>
    public OutboundContext Outbound { get; }

    /// <summary>Where the subrequest goes.</summary>
    public Uri Uri { get; }

    /// <summary>Its method.</summary>
    public HttpMethod Method { get; }

    /// <summary>
    /// Whether the origin has just answered 401 to what was given before. With another value the request is sent once more; with
    /// the same one the tenant gets the 401.
    /// </summary>
    public bool WasRejected { get; }
}
