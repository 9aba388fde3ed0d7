namespace OutboundInterception;

/// <summary>What ended a subrequest before its response had been read. New kinds may be added.</summary>
public enum FailureKind
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>A rule of the policy, or an outbound worker that refuses (<see cref="SubrequestRecord.Worker"/> is then set).</summary>
    Policy,

    /// <summary>The address guard.</summary>
    Address,

    /// <summary>The request was malformed, or its body failed.</summary>
    Invalid,

    /// <summary>A limit of the dispatch.</summary>
    Limit,

    /// <summary>It was turned away to protect an origin or the platform: an open circuit, a rate or a concurrency limit.</summary>
    Rejected,

    /// <summary>An outbound worker failed.</summary>
    Worker,

    /// <summary>The host's name was not found.</summary>
    NameResolution,

    /// <summary>There was no connection, or it broke off.</summary>
    Connection,

    /// <summary>TLS: the handshake, or the certificate.</summary>
    Tls,

    /// <summary>What the origin sent is not HTTP, ended early, or is too large.</summary>
    Protocol,

    /// <summary>The origin did not answer in time.</summary>
    Timeout,

    /// <summary>The dispatch's deadline passed.</summary>
    Deadline,

    /// <summary>The tenant, or the dispatch's caller, cancelled it.</summary>
    Cancelled,

    /// <summary>The platform switched the tenant off, or shut down.</summary>
    Killed,

    /// <summary>The dispatch was over.</summary>
    Ended,
}
