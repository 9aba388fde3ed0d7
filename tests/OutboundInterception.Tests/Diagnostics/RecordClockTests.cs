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
}
