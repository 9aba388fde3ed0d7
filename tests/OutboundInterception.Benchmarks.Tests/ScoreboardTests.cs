namespace OutboundInterception.Benchmarks.Tests;

public sealed class ScoreboardTests
{
    [TestCase(1.0, Verdict.Met)]
    [TestCase(1.1, Verdict.Missed)]
    [TestCase(1.2, Verdict.Failed)]
    public void Target_Ratio_FailsPastFifteenPercent(double actual, object verdict) =>
        Assert.That(Target.Ratio(actual, 1).Verdict, Is.EqualTo(verdict));

    [TestCase(1.0, Verdict.Met)]
    [TestCase(0.9, Verdict.Missed)]
    [TestCase(0.8, Verdict.Failed)]
    public void Target_AtLeast_FailsPastFifteenPercent(double actual, object verdict) =>
        Assert.That(Target.AtLeast(actual, 1).Verdict, Is.EqualTo(verdict));

    [TestCase(100.4, Verdict.Met)]
    [TestCase(101, Verdict.Failed)]
    public void Target_Bytes_FailsAtOnce(double actual, object verdict) => Assert.That(Target.Bytes(actual, 100).Verdict, Is.EqualTo(verdict));

    [Test]
    public void Target_Nanoseconds_IsAMultipleOfTheCallInTheSameRun() =>
        Assert.That(Target.Nanoseconds(actual: 300, limit: 15, call: 900).Verdict, Is.EqualTo(Verdict.Met));
}
