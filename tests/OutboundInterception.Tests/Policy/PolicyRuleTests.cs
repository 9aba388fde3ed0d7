using System.Net;

namespace OutboundInterception.Tests;

public sealed class PolicyRuleTests
{
    [TestCase("https", "https://h.test/", true)]
    [TestCase("HTTPS", "https://h.test/", true)]
    [TestCase("https", "http://h.test/", false)]
    [TestCase("https", "wss://h.test/", true)]
    [TestCase("http", "ws://h.test/", true)]
    [TestCase("wss", "wss://h.test/", true)]
    [TestCase("wss", "https://h.test/", false)]
    [TestCase("tcp", "https://h.test/", false)]
    [TestCase("http", "ftp://h.test/", false)]
    public void Schemes_Listed_AreMatched(string scheme, string url, bool expected)
        => AssertBoth(rule => rule.Schemes(scheme), url, expected);

    [TestCase("https://h.test/", true)]
    [TestCase("https://h.test:8443/", true)]
    [TestCase("http://h.test/", false)]
    [TestCase("http://h.test:443/", true)]
    public void Ports_Listed_AreMatched(string url, bool expected)
        => AssertBoth(rule => rule.Ports(443, 8443), url, expected);

    [TestCase("GET", true)]
    [TestCase("get", true)]
    [TestCase("POST", false)]
    [TestCase("GETX", false)]
    public void Methods_Listed_AreMatched(string method, bool expected)
        => AssertBoth(rule => rule.Methods("GET", "Head"), "https://h.test/", expected, method);

    [TestCase("X-Key", true)]
    [TestCase("x-key", true)]
    [TestCase("X-Other", false)]
    [TestCase(null, false)]
    public void RequiredHeaders_DemandTheSameInBothLists(string? header, bool met)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyFixture.Policy(policy => policy.Allow(rule => rule.RequiredHeaders("X-Key"))).Allows("https://h.test/", header: header), Is.EqualTo(met));
            Assert.That(PolicyFixture.Policy(policy => policy.Deny(rule => rule.RequiredHeaders("X-Key"))).Allows("https://h.test/", header: header), Is.EqualTo(met));
        }
    }

    [TestCase("X-Debug", false)]
    [TestCase("x-debug", false)]
    [TestCase("X-Other", true)]
    [TestCase(null, true)]
    public void DeniedHeaders_DemandTheSameInBothLists(string? header, bool met)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyFixture.Policy(policy => policy.Allow(rule => rule.DeniedHeaders("X-Debug"))).Allows("https://h.test/", header: header), Is.EqualTo(met));
            Assert.That(PolicyFixture.Policy(policy => policy.Deny(rule => rule.DeniedHeaders("X-Debug"))).Allows("https://h.test/", header: header), Is.EqualTo(met));
        }
    }

    [TestCase("https://api.test/v1/x", "GET", true)]
    [TestCase("http://api.test/v1/x", "GET", false)]
    [TestCase("https://api.test/v2/x", "GET", false)]
    [TestCase("https://api.test/v1/x", "PUT", false)]
    [TestCase("https://other.test/v1/x", "GET", false)]
    public void Rule_SeveralConditions_AllMustHold(string url, string method, bool expected)
        => AssertBoth(rule => rule.Hosts("api.test").Schemes("https").Methods("GET").PathPrefixes("/v1"), url, expected, method);

    [Test]
    public void Rules_MostSpecificFails_LessSpecificIsAsked()
    {
        OutboundPolicy policy = PolicyFixture.Policy(policy => policy
            .Allow(rule => rule.Id("wide").Hosts("*.test"))
            .Allow(rule => rule.Id("below").Hosts("*.example.test").Methods("PUT"))
            .Allow(rule => rule.Id("post").Hosts("api.example.test").Methods("POST"))
            .Allow(rule => rule.Id("get").Hosts("api.example.test").Methods("GET"))
            .Allow(rule => rule.Id("every").Hosts("**").Methods("DELETE")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(policy.Ask("https://api.example.test/").RuleId, Is.EqualTo("get"));
            Assert.That(policy.Ask("https://api.example.test/", method: "POST").RuleId, Is.EqualTo("post"));
            Assert.That(policy.Ask("https://api.example.test/", method: "PUT").RuleId, Is.EqualTo("below"));
            Assert.That(policy.Ask("https://api.example.test/", method: "DELETE").RuleId, Is.EqualTo("wide"));
            Assert.That(policy.Ask("https://other.invalid/", method: "DELETE").RuleId, Is.EqualTo("every"));
            Assert.That(policy.Ask("https://other.invalid/").RuleId, Is.EqualTo(PolicyDecision.DefaultDenyRule));
        }
    }

    [Test]
    public void Socket_ConditionsThatItCannotShow_AreNotMetByAllowAndMetByDeny()
    {
        CanonicalHost host = new("mail.test", null);

        using (Assert.EnterMultipleScope())
        {
            foreach (Action<PolicyRuleBuilder> condition in new Action<PolicyRuleBuilder>[]
            {
                rule => rule.Methods("GET"), rule => rule.PathPrefixes("/v1"), rule => rule.RequiredHeaders("X-A"), rule => rule.DeniedHeaders("X-A"),
            })
            {
                Assert.That(new OutboundPolicyStore(policy => policy.Allow(condition)).DecideSocket("shop", host, 25).Allowed, Is.False);
                Assert.That(new OutboundPolicyStore(policy => policy.Deny(condition)).DecideSocket("shop", host, 25).Allowed, Is.False);
            }

            OutboundPolicyStore store = new(policy => policy.Allow(rule => rule.Hosts("mail.test").Schemes("tcp").Ports(25)));
            Assert.That(store.DecideSocket("shop", host, 25).Allowed, Is.True);
            Assert.That(store.DecideSocket("shop", host, 26).Allowed, Is.False);
            Assert.That(store.DecideSocket("shop", new CanonicalHost("192.0.2.1", IPAddress.Parse("192.0.2.1")), 25).Allowed, Is.False);
        }
    }

    private static void AssertBoth(Action<PolicyRuleBuilder> configure, string url, bool matches, string method = "GET")
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyFixture.Policy(policy => policy.Allow(configure)).Allows(url, method), Is.EqualTo(matches), "as an allow rule");
            Assert.That(PolicyFixture.Policy(policy => policy.Deny(configure)).Allows(url, method), Is.EqualTo(!matches), "as a deny rule");
        }
    }
}
