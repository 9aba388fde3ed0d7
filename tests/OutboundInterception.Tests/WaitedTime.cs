using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

/// <summary>Fake time that says when somebody waits for so long.</summary>
internal sealed class WaitedTime() : FakeTimeProvider(System.GetUtcNow())
{
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _waits = new();

    public Task WaitsFor(TimeSpan wait) => Of(wait).Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Of(dueTime).TrySetResult();
        return timer;
    }

    private TaskCompletionSource Of(TimeSpan wait) =>
        _waits.GetOrAdd(wait, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
