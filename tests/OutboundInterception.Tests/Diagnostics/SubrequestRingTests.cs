namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(60_000)]
public class SubrequestRingTests
{
    private static void Add(SubrequestRing ring, int first, int last)
    {
        for (int number = first; number <= last; number++)
        {
            ring.SubrequestCompleted(Records.Make(number: number));
        }
    }

    private static int[] Numbers(SubrequestRingPage page) => [.. page.Records.Select(static record => record.Number)];

    [Test]
    public void Read_MoreThanItKeeps_GivesTheLastAndCountsTheMissed()
    {
        SubrequestRing ring = new(capacity: 3);
        Add(ring, 1, 2);
        SubrequestRingPage first = ring.Read(0);
        Add(ring, 3, 7);
        SubrequestRingPage second = ring.Read(first.Next, atMost: 2);
        SubrequestRingPage third = ring.Read(second.Next);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Numbers(first), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(Numbers(second), Is.EqualTo(new[] { 5, 6 }));
            Assert.That(second.Missed, Is.EqualTo(2));
            Assert.That(Numbers(third), Is.EqualTo(new[] { 7 }));
            Assert.That(third.Missed, Is.Zero);
            Assert.That(ring.Read(third.Next).Records, Is.Empty);
            Assert.That(ring.Read(third.Next).Next, Is.EqualTo(7));
            Assert.That(ring.Snapshot(), Has.Count.EqualTo(3));
        }
    }

    [Test]
    public void Clear_Always_KeepsPlacesAndForgetsRecords()
    {
        SubrequestRing ring = new(capacity: 3);
        Add(ring, 1, 5);
        SubrequestRingPage before = ring.Read(0);
        ring.Clear();
        Add(ring, 6, 6);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ring.Snapshot().Single().Number, Is.EqualTo(6));
            Assert.That(Numbers(ring.Read(before.Next)), Is.EqualTo(new[] { 6 }));
            Assert.That(ring.Read(2).Missed, Is.Zero);
        }
    }

    [Test]
    public async Task FollowAsync_ManyWritersAndReaders_EachReaderSeesEverythingOnceAndInOrder(CancellationToken cancellationToken)
    {
        const int writers = 4;
        const int each = 5_000;
        SubrequestRing ring = new(capacity: writers * each);
        Task<long>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(
            async () =>
            {
                int[] last = new int[writers];
                long seen = 0;
                await foreach (SubrequestRingPage page in ring.FollowAsync(0, 100, cancellationToken))
                {
                    foreach (SubrequestRecord record in page.Records)
                    {
                        int writer = int.Parse(record.Tenant, System.Globalization.CultureInfo.InvariantCulture);
                        Assert.That(record.Number, Is.EqualTo(++last[writer]));
                    }

                    seen += page.Records.Count + page.Missed;
                    if (seen == writers * each)
                    {
                        break;
                    }
                }

                return seen;
            },
            cancellationToken))];
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(
            () =>
            {
                string tenant = writer.ToString(System.Globalization.CultureInfo.InvariantCulture);
                for (int number = 1; number <= each; number++)
                {
                    ring.SubrequestCompleted(Records.Make(tenant, number));
                }
            },
            cancellationToken)));

        Assert.That(await Task.WhenAll(readers), Is.All.EqualTo(writers * each));
    }

    [Test]
    public async Task ReadAsync_Cancelled_Ends()
    {
        using CancellationTokenSource source = new();
        Task<SubrequestRingPage> reading = new SubrequestRing().ReadAsync(0, cancellationToken: source.Token);
        Assert.That(reading.IsCompleted, Is.False);
        await source.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
    }

    [Test]
    public void DryRun_OverARing_ShowsWhatAnotherPolicyWouldChange()
    {
        SubrequestRing ring = new();
        ring.SubrequestCompleted(Records.Make(path: "/orders/{id}"));
        ring.SubrequestCompleted(Records.Make() with { Host = "other.example.com", Scheme = "wss", Method = "GET" });
        ring.SubrequestCompleted(Records.Make() with { Host = "2001:db8::1", Port = 8443 });
        ring.SubrequestCompleted(Records.Make() with { Scheme = string.Empty, Host = string.Empty, Port = -1, Path = string.Empty });
        OutboundPolicyStore store = new(policy => policy.AllowHosts("**"));
        OutboundPolicy tried = new OutboundPolicyBuilder().AllowHosts("api.example.com").Build();

        DryRunDifference[] differences = [.. store.DryRun(ring.Snapshot(), tried)];

        Assert.That(
            differences.Select(static difference => difference.Request.Uri.AbsoluteUri),
            Is.EqualTo(new[] { "wss://other.example.com/orders", "https://[2001:db8::1]:8443/orders" }));
        Assert.That(differences.Select(static difference => difference.After.Allowed), Is.All.False);
    }
}
