namespace OutboundInterception.Tests;

public sealed class PathPrefixTests
{
    private static readonly OutboundPolicy s_allow = PolicyFixture.Policy(policy => policy.Allow(rule => rule.PathPrefixes("/v1", "/a b/é")));
    private static readonly OutboundPolicy s_deny = PolicyFixture.Policy(policy => policy.Deny(rule => rule.PathPrefixes("/v1", "/a b/é")));

    [TestCase("/v1", true)]
    [TestCase("/v1/", true)]
    [TestCase("/v1/orders?x=/../", true)]
    [TestCase("/v10", false)]
    [TestCase("/v", false)]
    [TestCase("/", false)]
    [TestCase("/x/../v1/y", true)]
    [TestCase("/v1/../admin", false)]
    [TestCase("/v1/%2e%2e/admin", false)]
    [TestCase("/%76%31/x", true)]
    [TestCase("/a%20b/%c3%a9/x", true)]
    [TestCase("/a b/é", true)]
    [TestCase("/v1/a.b/...", true)]
    public void PathPrefixes_PlainPath_BothListsAgree(string path, bool expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(s_allow.Allows("http://h.test" + path), Is.EqualTo(expected), "as an allow rule");
            Assert.That(s_deny.Allows("http://h.test" + path), Is.EqualTo(!expected), "as a deny rule");
        }
    }

    [TestCase("/v1/..%2fadmin", TestName = "escaped slash")]
    [TestCase("/v1%2Fx", TestName = "escaped slash at the boundary")]
    [TestCase("/x%5c..%5cv1", TestName = "escaped backslash")]
    [TestCase("/v1/%252e%252e/admin", TestName = "escaped twice")]
    [TestCase("/v1/..;/admin", TestName = "dot segment with parameters")]
    [TestCase("/v1/.;x/admin", TestName = "single dot with parameters")]
    [TestCase("/v1/..%3b/admin", TestName = "dot segment with escaped parameters")]
    [TestCase("//v1", TestName = "empty segment")]
    [TestCase("/v1//x", TestName = "empty segment below")]
    [TestCase("/v1/%c0%af", TestName = "overlong slash")]
    [TestCase("/v1/%00", TestName = "zero byte")]
    [TestCase("/v1/%0d%0a", TestName = "line break")]
    [TestCase("/v1/%zz", TestName = "broken escape")]
    [TestCase("/anything//", TestName = "ambiguous elsewhere")]
    public void PathPrefixes_AmbiguousPath_IsNeitherAllowedNorMissedByDeny(string path)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(s_allow.Allows("http://h.test" + path), Is.False, "as an allow rule");
            Assert.That(s_deny.Allows("http://h.test" + path), Is.False, "as a deny rule");
        }
    }

    [TestCase("/V1/x")]
    [TestCase("/v1;session=1/x")]
    public void PathPrefixes_WhatSomeServersFold_IsNeitherAllowedNorMissedByDeny(string path)
        => PathPrefixes_AmbiguousPath_IsNeitherAllowedNorMissedByDeny(path);

    [Test]
    public void PathPrefixes_UriThatKeepsDotSegments_IsAmbiguous()
    {
        Uri uri = new("http://h.test/v1/../admin", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        Assert.That(PathPrefix.IsAmbiguous(uri.AbsolutePath), Is.True);
    }

    [Test]
    public void PathPrefixes_Root_CoversEveryPath()
    {
        OutboundPolicy policy = PolicyFixture.Policy(policy => policy.Allow(rule => rule.PathPrefixes("/")));

        Assert.That(policy.Allows("http://h.test/a%2fb"), Is.True);
    }

    [TestCase("v1")]
    [TestCase("")]
    [TestCase("/v1?x")]
    [TestCase("/v1#x")]
    [TestCase("/v1/../x")]
    [TestCase("/.")]
    [TestCase("/%2e%2e")]
    [TestCase("//v1")]
    [TestCase("/v1//")]
    [TestCase("/a%2fb")]
    [TestCase("/a\\b")]
    public void PathPrefixes_InvalidPrefix_IsRefused(string prefix)
        => Assert.That(
            () => PolicyFixture.Policy(policy => policy.Deny(rule => rule.PathPrefixes(prefix))),
            Throws.TypeOf<PolicyValidationException>().With.Message.Contains($"'{prefix}'"));
}
