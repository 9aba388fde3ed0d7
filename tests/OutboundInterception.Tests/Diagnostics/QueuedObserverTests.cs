using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(60_000)]
public class QueuedObserverTests
{
    [Test]
    public async Task SubrequestCompleted_InnerIsStuck_DropsTheOldestCountsThemAndNeverWaits()
    {
        using SemaphoreSlim entered = new(0);
        using SemaphoreSlim mayGoOn = new(0);
        List<int> seen = [];
        QueuedObserver queued = new(
            new DelegateObserver(record =>
            {
                if (seen.Count == 0)
                {
                    entered.Release();
                    mayGoOn.Wait();
                }

                seen.Add(record.Number);
            }),
            capacity: 4);
        queued.SubrequestCompleted(Records.Make(number: 1));
        await entered.WaitAsync();
        for (int number = 2; number <= 11; number++)
        {
            queued.SubrequestCompleted(Records.Make(number: number));
        }

        mayGoOn.Release();
        await queued.DisposeAsync();

        Assert.That(seen, Is.EqualTo(new[] { 1, 8, 9, 10, 11 }));
        Assert.That(queued.Dropped, Is.EqualTo(6));
    }

    [Test]
    public async Task SubrequestCompleted_InnerThrows_IsLoggedAndTheNextIsSeen()
    {
        FakeLogger logger = new();
        List<int> seen = [];
        QueuedObserver queued = new(
            new DelegateObserver(record =>
            {
                seen.Add(record.Number);
                throw new InvalidOperationException("observer");
            }),
            logger: logger);
        queued.SubrequestCompleted(Records.Make(number: 1));
        queued.SubrequestCompleted(Records.Make(number: 2));
        await queued.DisposeAsync();
        queued.SubrequestCompleted(Records.Make(number: 3));

        Assert.That(seen, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(queued.Dropped, Is.EqualTo(1));
        Assert.That(logger.Collector.GetSnapshot().Count(static entry => entry.Level == LogLevel.Error), Is.EqualTo(2));
    }

    private sealed class DelegateObserver(Action<SubrequestRecord> observe) : IOutboundObserver
    {
        public void SubrequestCompleted(SubrequestRecord record) => observe(record);
    }
}
