namespace OutboundInterception;

/// <summary>What became of a subrequest.</summary>
public enum SubrequestDecision
{
    /// <summary>It went out.</summary>
    Sent,

    /// <summary>An outbound worker answered it itself.</summary>
    Answered,

    /// <summary>The policy or the address guard refused it.</summary>
    Blocked,

    /// <summary>It was malformed, the dispatch had used up a limit, or its end came first.</summary>
    Rejected,

    /// <summary>An outbound worker failed, which refuses it.</summary>
    Failed,
}
