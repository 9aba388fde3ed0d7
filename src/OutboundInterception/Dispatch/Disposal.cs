namespace OutboundInterception;

/// <summary>Disposes what may be disposable in one way, the other, or not at all.</summary>
internal static class Disposal
{
    public static ValueTask DisposeAsync(object? instance)
    {
        switch (instance)
        {
            case IAsyncDisposable disposable:
                return disposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        return ValueTask.CompletedTask;
    }
}
