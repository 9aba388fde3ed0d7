namespace OutboundInterception;

/// <summary>What the caller's thread has about it. What another's code sets in it ends with the call of that, as behind an async method.</summary>
internal readonly struct CallersContext
{
    private readonly ExecutionContext? _execution;
    private readonly SynchronizationContext? _synchronization;

    private CallersContext(ExecutionContext? execution, SynchronizationContext? synchronization)
    {
        _execution = execution;
        _synchronization = synchronization;
    }

    /// <summary>Called before another's code is.</summary>
    public static CallersContext Capture() => new(ExecutionContext.Capture(), SynchronizationContext.Current);

    /// <summary>Called after it, on the same thread.</summary>
    public void Restore()
    {
        if (SynchronizationContext.Current != _synchronization)
        {
            SynchronizationContext.SetSynchronizationContext(_synchronization);
        }

        if (_execution is not null && _execution != ExecutionContext.Capture())
        {
            ExecutionContext.Restore(_execution);
        }
    }
}
