namespace OutboundInterception;

/// <summary>What only some subrequests have to be traced: a failure, a refusal, several workers, an observer that wants details.</summary>
internal sealed class TraceDetails
{
    public SubrequestProbe? Probe { get; set; }

    /// <summary>Of each outbound worker the task that it returned last.</summary>
    public Task<HttpResponseMessage>?[]? Calls { get; set; }

    public string? Reason { get; set; }

    public string? ExceptionType { get; set; }

    public Exception? BodyFailure { get; set; }

    /// <summary>What <see cref="ExceptionType"/> stands for.</summary>
    public FailureKind Failure { get; set; }
}
