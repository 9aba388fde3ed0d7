namespace OutboundInterception.AspNetCore.Tests.Dashboard;

public class TrafficObserverTests
{
    private static readonly DateTimeOffset s_begin = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Test]
    public void Read_RecordsOfSomeSeconds_AreAddedUpWhereTheyEnded()
    {
        TrafficObserver traffic = new() { Active = static () => 7 };
        for (int index = 0; index < 100; index++)
        {
            traffic.SubrequestCompleted(Record(s_begin, TimeSpan.FromMilliseconds(10 * (index + 1))));
        }

        traffic.SubrequestCompleted(Record(s_begin.AddSeconds(2), TimeSpan.Zero, SubrequestDecision.Blocked));

        TrafficSummary summary = traffic.Read(s_begin.AddSeconds(2), minutes: 1, step: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Series, Has.Count.EqualTo(60));
            Assert.That(summary.Series.TakeLast(3).Select(static point => point.Count), Is.EqualTo(new[] { 99, 1, 1 }));
            Assert.That(summary.Series[^1].Time, Is.EqualTo(s_begin.AddSeconds(2).ToUnixTimeSeconds()));
            Assert.That(summary.Total.Count, Is.EqualTo(101));
            Assert.That(summary.Total.Blocked, Is.EqualTo(1));
            Assert.That(summary.Total.Active, Is.EqualTo(7));
            Assert.That(summary.Total.P50, Is.EqualTo(500).Within(10).Percent);
            Assert.That(summary.Total.P95, Is.EqualTo(950).Within(10).Percent);
            Assert.That(summary.Total.P99, Is.EqualTo(990).Within(10).Percent);
        }
    }

    [Test]
    public void Read_AQuarterOfAnHourLater_OldSecondsAreGone()
    {
        TrafficObserver traffic = new();
        traffic.SubrequestCompleted(Record(s_begin, TimeSpan.Zero));
        traffic.SubrequestCompleted(Record(s_begin.AddMinutes(15), TimeSpan.Zero));

        TrafficSummary summary = traffic.Read(s_begin.AddMinutes(15), minutes: 15, step: 10);

        Assert.That(summary.Total.Count, Is.EqualTo(1));
        Assert.That(summary.Tenants.Single().Count, Is.EqualTo(1));
    }

    [Test]
    public void Read_MoreNamesThanAreKept_TheRestIsCountedTogether()
    {
        TrafficObserver traffic = new();
        for (int index = 0; index < 10_000; index++)
        {
            traffic.SubrequestCompleted(Record(s_begin, TimeSpan.Zero) with { Host = $"h{index}.example" });
        }

        TrafficSummary summary = traffic.Read(s_begin, minutes: 1, step: 1);

        Assert.That(summary.Hosts[0].Name, Is.EqualTo(TrafficObserver.Rest));
        Assert.That(summary.Hosts[0].Count, Is.EqualTo(10_000 - TrafficObserver.MaxLeaders));
        Assert.That(summary.Total.Count, Is.EqualTo(10_000));
    }

    [Test]
    public async Task SubrequestCompleted_ByManyAtOnce_NothingIsLost()
    {
        TrafficObserver traffic = new();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int index = 0; index < 5_000; index++)
            {
                traffic.SubrequestCompleted(Record(s_begin.AddSeconds(index % 30), TimeSpan.Zero));
            }
        })));

        TrafficSummary summary = traffic.Read(s_begin.AddSeconds(30), minutes: 1, step: 1);

        Assert.That(summary.Total.Count, Is.EqualTo(40_000));
        Assert.That(summary.Tenants.Single().Slots.Sum(), Is.EqualTo(40_000));
    }

    [TestCase("", "", "", "", "", true)]
    [TestCase("SHO", "", "", "", "", true)]
    [TestCase("mailer", "", "", "", "", false)]
    [TestCase("", "api.", "", "", "", true)]
    [TestCase("", "", "sent", "", "", true)]
    [TestCase("", "", "report", "", "", false)]
    [TestCase("", "", "", "2xx", "", true)]
    [TestCase("", "", "", "200", "", true)]
    [TestCase("", "", "", "20", "", false)]
    [TestCase("", "", "", "none", "", false)]
    [TestCase("", "", "", "", "/ORDERS", true)]
    [TestCase("", "", "", "", "nothing", false)]
    public void RecordFilter_EachField_AsksForItsOwn(string tenant, string host, string decision, string status, string text, bool matches) =>
        Assert.That(
            new RecordFilter(tenant, host, decision, status, text).Matches(Record(s_begin, TimeSpan.Zero) with { Status = 200, Path = "/orders" }),
            Is.EqualTo(matches));

    internal static SubrequestRecord Record(DateTimeOffset time, TimeSpan duration, SubrequestDecision decision = SubrequestDecision.Sent) => new()
    {
        Time = time,
        Namespace = "production",
        Tenant = "shop",
        DispatchId = "1-1",
        Method = "GET",
        Scheme = "https",
        Host = "api.example.com",
        Port = 443,
        Path = "/",
        Decision = decision,
        Duration = duration,
    };
}
