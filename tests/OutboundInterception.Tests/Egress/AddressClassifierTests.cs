using System.Net;

namespace OutboundInterception.Tests;

internal sealed class AddressClassifierTests
{
    [TestCase("9.255.255.255")]
    [TestCase("100.63.255.255")]
    [TestCase("100.128.0.0")]
    [TestCase("172.15.255.255")]
    [TestCase("172.32.0.0")]
    [TestCase("192.0.1.0")]
    [TestCase("198.20.0.0")]
    [TestCase("223.255.255.255")]
    [TestCase("168.63.129.15")]
    [TestCase("2001:200::1")]
    [TestCase("2606:4700:4700::1111")]
    [TestCase("3fff:1000::1")]
    public void Classify_BesideASpecialBlock_IsPublic(string address)
    {
        Assert.That(AddressClassifier.Classify(IPAddress.Parse(address)).IsPublic, Is.True);
    }

    [TestCase("0.0.0.0", "this-network")]
    [TestCase("0.255.255.255", "this-network")]
    [TestCase("10.255.255.255", "private")]
    [TestCase("100.127.255.255", "cgnat")]
    [TestCase("127.255.255.255", "loopback")]
    [TestCase("168.63.129.16", "azure-wireserver")]
    [TestCase("169.254.169.254", "link-local")]
    [TestCase("172.31.255.255", "private")]
    [TestCase("192.0.0.192", "protocol-assignment")]
    [TestCase("198.19.255.255", "benchmarking")]
    [TestCase("239.255.255.255", "multicast")]
    [TestCase("240.0.0.0", "reserved")]
    [TestCase("255.255.255.255", "broadcast")]
    [TestCase("::", "unspecified")]
    [TestCase("::1", "loopback")]
    [TestCase("64:ff9b:1::5db8:d70e", "nat64-local")]
    [TestCase("100::1", "discard")]
    [TestCase("1::1", "not-global-unicast")]
    [TestCase("1fff:ffff::1", "not-global-unicast")]
    [TestCase("4000::1", "not-global-unicast")]
    [TestCase("2001:1::1", "protocol-assignment")]
    [TestCase("2001:1ff::1", "protocol-assignment")]
    [TestCase("2001:db8::1", "documentation")]
    [TestCase("fdff::1", "unique-local")]
    [TestCase("febf::1", "link-local")]
    [TestCase("feff::1", "site-local")]
    [TestCase("ff02::1", "multicast")]
    public void Classify_InASpecialBlock_SaysWhich(string address, string word)
    {
        AddressVerdict verdict = AddressClassifier.Classify(IPAddress.Parse(address));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.IsPublic, Is.False);
            Assert.That(verdict.Word, Is.EqualTo(word));
        }
    }

    [TestCase("::ffff:10.0.0.1", "v4-mapped-private")]
    [TestCase("::ffff:0.0.0.0", "v4-mapped-this-network")]
    [TestCase("::127.0.0.1", "v4-compatible-loopback")]
    [TestCase("::2", "v4-compatible-this-network")]
    [TestCase("::ffff:0:10.0.0.1", "siit-translated-private")]
    [TestCase("64:ff9b::127.0.0.1", "nat64-loopback")]
    [TestCase("2002:a00:1::1", "6to4-private")]
    [TestCase("2001:0:4136:e378:8000:63bf:f5ff:fffe", "teredo-private")]
    [TestCase("2a00:1450::5efe:10.0.0.1", "isatap-private")]
    [TestCase("2a00:1450::200:5efe:10.0.0.1", "isatap-private")]
    [TestCase("2a00:1450::300:5efe:10.0.0.1", "isatap-private")]
    [TestCase("fe80::5efe:8.8.8.8", "link-local")]
    [TestCase("::ffff:8.8.8.8", "v4-mapped-public")]
    [TestCase("64:ff9b::8.8.8.8", "nat64-public")]
    [TestCase("2002:808:808::1", "6to4-public")]
    [TestCase("2a00:1450::5efe:8.8.8.8", "isatap-public")]
    public void Classify_EmbeddedIPv4_IsUnwrappedAndNeverPublic(string address, string word)
    {
        AddressVerdict verdict = AddressClassifier.Classify(IPAddress.Parse(address));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.IsPublic, Is.False);
            Assert.That(verdict.Word, Is.EqualTo(word));
        }
    }

    [TestCase("fe80::1")]
    [TestCase("2606:4700:4700::1111")]
    public void Classify_WithAZone_IsScoped(string address)
    {
        IPAddress scoped = IPAddress.Parse(address);
        scoped.ScopeId = 1;

        Assert.That(AddressClassifier.Classify(scoped).Word, Is.EqualTo("scoped"));
    }

    [Test]
    public void Word_EveryKind_HasOneOfItsOwn()
    {
        string[] words = [.. Enum.GetValues<AddressKind>().Select(kind => new AddressVerdict(kind).Word)];

        Assert.That(words, Is.Unique);
    }
}
