namespace OutboundInterception;

/// <summary>Ends with a call of another's code what that sets in the execution context, as an async method does.</summary>
internal static class CallersContext
{
    /// <param name="before">What was captured before the call.</param>
    public static void Restore(ExecutionContext? before)
    {
        if (before is not null && before != ExecutionContext.Capture())
        {
            ExecutionContext.Restore(before);
        }
    }
}
