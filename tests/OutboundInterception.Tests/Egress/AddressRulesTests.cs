using System.Net;

namespace OutboundInterception.Tests;

internal sealed class AddressRulesTests
{
    [TestCase("10.1.2.3", ExpectedResult = null)]
    [TestCase("10.2.0.1", ExpectedResult = "private")]
    [TestCase("10.1.9.1", ExpectedResult = "denied-network")]
    [TestCase("93.184.215.14", ExpectedResult = "denied-network")]
    [TestCase("93.184.216.14", ExpectedResult = null)]
    [TestCase("64:ff9b::93.184.215.14", ExpectedResult = "denied-network")]
    [TestCase("::ffff:93.184.215.14", ExpectedResult = "denied-network")]
    [TestCase("64:ff9b::10.1.2.3", ExpectedResult = "nat64-private")]
    [TestCase("fd00::1", ExpectedResult = null)]
    public string? Refuse_AllowedAndDenied_DeniedBeatsAllowedBeatsNotPublic(string address)
    {
        EgressOptions options = new()
        {
            AllowedNetworks = { IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00::/8") },
            DeniedNetworks = { IPNetwork.Parse("10.1.9.0/24"), IPNetwork.Parse("93.184.215.0/24") },
        };

        return new AddressRules(options).Refuse(IPAddress.Parse(address));
    }

    [TestCase("2606:4700::1", ExpectedResult = "denied-network")]
    [TestCase("::ffff:93.184.216.14", ExpectedResult = "denied-network")]
    [TestCase("93.184.216.14", ExpectedResult = null)]
    public string? Refuse_AllOfIPv6IsDenied_IPv4InItsMappedFormToo(string address) =>
        new AddressRules(new EgressOptions { DeniedNetworks = { IPNetwork.Parse("::/0") } }).Refuse(IPAddress.Parse(address));

    [Test]
    public void Refuse_ZoneInAnAllowedNetwork_IsRefused()
    {
        EgressOptions options = new() { AllowedNetworks = { IPNetwork.Parse("fe80::/10") } };
        IPAddress scoped = IPAddress.Parse("fe80::1");
        scoped.ScopeId = 2;

        Assert.That(new AddressRules(options).Refuse(scoped), Is.EqualTo("scoped"));
    }
}
