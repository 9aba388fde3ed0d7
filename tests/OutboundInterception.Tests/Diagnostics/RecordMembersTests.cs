namespace OutboundInterception.Tests.Diagnostics;

public class RecordMembersTests
{
    [Test]
    public void With_MemberThatFewRecordsHave_ChangesTheCopyAlone()
    {
        SubrequestRecord record = new()
        {
            Time = DateTimeOffset.UnixEpoch,
            Namespace = "n",
            Tenant = "t",
            Method = "GET",
            Scheme = "https",
            Host = "h",
            Port = 443,
            Path = "/",
            Decision = SubrequestDecision.Blocked,
            Reason = "first",
        };
        SubrequestRecord copy = record with { Reason = "second", Worker = "W" };

        using (Assert.EnterMultipleScope())
        {
            Assert.That((record.Reason, record.Worker), Is.EqualTo(("first", (string?)null)));
            Assert.That((copy.Reason, copy.Worker), Is.EqualTo(("second", "W")));
            Assert.That(copy, Is.Not.EqualTo(record));
            Assert.That(copy with { Reason = "first", Worker = null }, Is.EqualTo(record));
            Assert.That(record with { Reason = null }, Is.EqualTo(record with { Reason = null, Worker = "W" } with { Worker = null }));
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
