using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Diagnostics;

public class RecordClockTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Test]
    public void ToUtc_TimestampOfNowAndOfBefore_AreWhenTheyWereTaken()
    {
        RecordClock clock = new(_time);
        (long before, DateTime then) = (_time.GetTimestamp(), _time.GetUtcNow().UtcDateTime);
        _time.Advance(TimeSpan.FromMinutes(7));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(clock.ToUtc(_time.GetTimestamp()), Is.EqualTo(_time.GetUtcNow().UtcDateTime));
            Assert.That(clock.ToUtc(before), Is.EqualTo(then), "older than what the clock has read last");
        }
    }

    [Test]
    public void ToUtc_ClockIsSetRight_FollowsAfterASecond()
    {
        RecordClock clock = new(_time);
        _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(clock.ToUtc(_time.GetTimestamp()), Is.EqualTo(_time.GetUtcNow().UtcDateTime));
    }

    [Test]
    public void With_MemberThatFewRecordsHave_ChangesTheCopyAlone()
    {
        SubrequestRecord record = new()
        {
            Time = _time.GetUtcNow(), Namespace = "n", Tenant = "t", Method = "GET", Scheme = "https", Host = "h", Port = 443, Path = "/",
            Decision = SubrequestDecision.Blocked, Reason = "first",
        };
        SubrequestRecord copy = record with { Reason = "second", Worker = "W" };

        using (Assert.EnterMultipleScope())
        {
            Assert.That((record.Reason, record.Worker), Is.EqualTo(("first", (string?)null)));
            Assert.That((copy.Reason, copy.Worker), Is.EqualTo(("second", "W")));
            Assert.That(copy, Is.Not.EqualTo(record));
            Assert.That(copy with { Reason = "first", Worker = null }, Is.EqualTo(record));
        }
    }

    [TestCase("1.0")]
    [TestCase("1.1")]
    [TestCase("2.0")]
    [TestCase("3.0")]
    [TestCase("4.2")]
    public void FromByte_OfToByte_IsTheVersion(string version) =>
        Assert.That(ProtocolVersions.FromByte(ProtocolVersions.ToByte(new Version(version))), Is.EqualTo(new Version(version)));
}
