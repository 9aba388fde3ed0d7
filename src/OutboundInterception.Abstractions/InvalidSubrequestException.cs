namespace OutboundInterception;

/// <summary>A request that may not be sent as it is. The message says what to change.</summary>
public sealed class InvalidSubrequestException : HttpRequestException
{
    internal InvalidSubrequestException(SubrequestProblem problem, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Problem = problem;
    }

    /// <summary>What is wrong with it.</summary>
    public SubrequestProblem Problem { get; }
}
