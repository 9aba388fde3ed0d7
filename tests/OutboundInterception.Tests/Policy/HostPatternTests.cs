namespace OutboundInterception.Tests;

public sealed class HostPatternTests
{
    [TestCase("example.com", "http://example.com/", true)]
    [TestCase("example.com", "http://EXAMPLE.com/", true)]
    [TestCase("EXAMPLE.com.", "http://example.com/", true)]
    [TestCase("example.com", "http://example.com./", true)]
    [TestCase("example.com", "http://evilexample.com/", false)]
    [TestCase("example.com", "http://example.com.evil.test/", false)]
    [TestCase("example.com", "http://www.example.com/", false)]
    [TestCase("example.com", "http://example.co/", false)]
    [TestCase("example.com", "http://example.com@evil.test/", false)]
    [TestCase("example.com", "http://com/", false)]
    [TestCase("*.example.com", "http://a.example.com/", true)]
    [TestCase("*.example.com", "http://A.b.C.example.com./", true)]
    [TestCase("*.example.com", "http://example.com/", false)]
    [TestCase("*.example.com", "http://evilexample.com/", false)]
    [TestCase("*.example.com", "http://a.example.com.evil.test/", false)]
    [TestCase("*.example.com", "http://a.evilexample.com/", false)]
    [TestCase("**", "http://anything.test/", true)]
    [TestCase("**", "http://192.0.2.1/", true)]
    [TestCase("**", "http://[2001:db8::1]/", true)]
    [TestCase("bücher.example", "http://xn--bcher-kva.example/", true)]
    [TestCase("xn--bcher-kva.example", "http://BÜCHER.example/", true)]
    [TestCase("*.bücher.example", "http://a.xn--bcher-kva.example/", true)]
    [TestCase("i.example", "http://ⓘ.example/", true)]
    [TestCase("ⓘ.example", "http://i.example/", true)]
    [TestCase("a.b", "http://a。b/", true)]
    [TestCase("127.0.0.1", "http://①②⑦.0.0.1/", true)]
    [TestCase("127.0.0.1", "http://127.0.0.1./", true)]
    [TestCase("127.0.0.1", "http://0x7f.1/", true)]
    [TestCase("127.0.0.1", "http://0x7f.1./", true)]
    [TestCase("127.0.0.1", "http://2130706433/", true)]
    [TestCase("127.0.0.1", "http://[::ffff:127.0.0.1]/", true)]
    [TestCase("::ffff:7f00:1", "http://127.0.0.1/", true)]
    [TestCase("127.0.0.1", "http://127.0.0.2/", false)]
    [TestCase("2001:DB8::1", "http://[2001:db8:0:0::1]/", true)]
    [TestCase("[2001:db8::1]", "http://[2001:db8::1]/", true)]
    [TestCase("fe80::1", "http://[fe80::1%25nosuch]/", true)]
    [TestCase("fe80::1%3", "http://[fe80::1]/", true)]
    [TestCase("*.com", "http://192.0.2.1/", false)]
    [TestCase("a_b.example", "http://a_b.example/", true)]
    public void Hosts_Pattern_MatchesWhatItSays(string pattern, string url, bool expected)
    {
        OutboundPolicy allow = PolicyFixture.Policy(policy => policy.AllowHosts(pattern));
        OutboundPolicy deny = PolicyFixture.Policy(policy => policy.DenyHosts(pattern));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(allow.Allows(url), Is.EqualTo(expected), "as an allow rule");
            Assert.That(deny.Allows(url), Is.EqualTo(!expected), "as a deny rule");
        }
    }

    [TestCase("", "is empty")]
    [TestCase("*", "'**'")]
    [TestCase("https://example.com", "Schemes")]
    [TestCase("example.com:8080", "Ports")]
    [TestCase("example.com/v1", "PathPrefixes")]
    [TestCase("user@example.com", "name alone")]
    [TestCase("10.0.0.0/8", "address guard")]
    [TestCase("*.0.0.1", "nothing lies below")]
    [TestCase("*.127.0.0.1", "nothing lies below")]
    [TestCase("foo*.example.com", "in front")]
    [TestCase("a.*.example.com", "in front")]
    [TestCase("**.example.com", "in front")]
    [TestCase("*.*", "in front")]
    [TestCase("a..b", "no host name")]
    [TestCase(".example.com", "no host name")]
    [TestCase("example.com..", "no host name")]
    [TestCase("exa mple.com", "no host name")]
    [TestCase("exa%6dple.com", "no host name")]
    public void Hosts_InvalidPattern_IsRefusedWithWhatToWriteInstead(string pattern, string advice)
        => Assert.That(
            () => PolicyFixture.Policy(policy => policy.AllowHosts(pattern)),
            Throws.TypeOf<PolicyValidationException>().With.Message.Contains($"'{pattern}'").And.Message.Contains(advice));

    [Test]
    public void Hosts_LabelOrNameTooLong_IsRefused()
    {
        string label = new('a', 64);
        string name = string.Join('.', Enumerable.Repeat("abcdefg", 40));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(HostPattern.TryParse($"{label}.example", out _, out _), Is.False);
            Assert.That(HostPattern.TryParse(name, out _, out _), Is.False);
            Assert.That(HostPattern.TryParse($"{label[1..]}.example", out _, out _), Is.True);
        }
    }
}
