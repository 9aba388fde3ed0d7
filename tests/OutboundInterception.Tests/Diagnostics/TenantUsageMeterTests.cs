namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(120_000)]
public class TenantUsageMeterTests
{
    [Test]
    public void Read_OfEveryKind_CountsEach()
    {
        TenantUsageMeter meter = new();
        meter.SubrequestCompleted(Records.Make() with { Retries = 2 });
        meter.SubrequestCompleted(Records.Make() with { Decision = SubrequestDecision.Blocked, Failure = FailureKind.Policy });
        meter.SubrequestCompleted(Records.Make() with { Failure = FailureKind.Connection });

        TenantUsage expected = new("tenant", 3, 1, 1, 2, 3, 6, TimeSpan.FromMilliseconds(9));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(meter.Read("tenant"), Is.EqualTo(expected));
            Assert.That(meter.Take("tenant"), Is.EqualTo(expected));
            Assert.That(meter.Take("tenant").Subrequests, Is.Zero);
            Assert.That(meter.Read(), Is.Empty);
        }
    }

    [Test]
    public async Task Take_WhileEightThreadsCount_LosesNothingAndCountsNothingTwice(CancellationToken cancellationToken)
    {
        const int writers = 8;
        const int each = 100_000;
        string[] tenants = ["a", "b", "c"];
        TenantUsageMeter meter = new();
        using Barrier start = new(writers + 1);
        Task writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                SubrequestRecord[] records = [.. tenants.Select(static tenant => Records.Make(tenant))];
                start.SignalAndWait(cancellationToken);
                for (int index = 0; index < each; index++)
                {
                    meter.SubrequestCompleted(records[(index + writer) % records.Length]);
                }
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        long subrequests = 0;
        long bytes = 0;
        TimeSpan time = TimeSpan.Zero;
        int periods = 0;
        start.SignalAndWait(cancellationToken);
        bool last;
        do
        {
            last = writing.IsCompleted;
            foreach (TenantUsage usage in periods++ % 2 == 0 || last ? meter.Take() : [meter.Take("a"), meter.Take("b")])
            {
                subrequests += usage.Subrequests;
                bytes += usage.RequestBytes + usage.ResponseBytes;
                time += usage.Duration;
            }
        }
        while (!last);

        await writing;
        const long total = (long)writers * each;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(periods, Is.GreaterThan(1));
            Assert.That(subrequests, Is.EqualTo(total));
            Assert.That(bytes, Is.EqualTo(3 * total));
            Assert.That(time, Is.EqualTo(TimeSpan.FromMilliseconds(3) * total));
            Assert.That(meter.Read(), Is.Empty);
        }
    }
}
