namespace OutboundInterception;

/// <summary>Cancels without running anybody's callbacks on the spot: what a tenant does when it is cancelled delays nobody else.</summary>
internal static class Cancellation
{
    /// <param name="source">What is cancelled. Its token says so when this returns.</param>
    /// <param name="dispatch">Whose callbacks they are: what they throw goes to the log under its name.</param>
    public static void Request(CancellationTokenSource source, ActiveDispatch dispatch)
    {
        Task callbacks = source.CancelAsync();
        if (!callbacks.IsCompletedSuccessfully)
        {
            _ = ReportAsync(callbacks, dispatch);
        }
    }

    private static async Task ReportAsync(Task callbacks, ActiveDispatch dispatch)
    {
        try
        {
            await callbacks.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.CallbackFailed(dispatch.Home.Logger, exception, dispatch.Namespace, dispatch.Tenant);
        }
    }
}
