namespace OutboundInterception.Tests;

public sealed class OutboundPolicyTests
{
    // Which of the four lists name the host, and whether the other allow list has a rule for another host.
    [TestCase("", true, PolicyDecision.DefaultAllowRule)]
    [TestCase("D", false, "deny-1")]
    [TestCase("d", false, "shop/deny-1")]
    [TestCase("a", true, "shop/allow-1")]
    [TestCase("A", true, "allow-1")]
    [TestCase("Dd", false, "deny-1")]
    [TestCase("Da", false, "deny-1")]
    [TestCase("DA", false, "deny-1")]
    [TestCase("DdaA", false, "deny-1")]
    [TestCase("da", false, "shop/deny-1")]
    [TestCase("dA", false, "shop/deny-1")]
    [TestCase("daA", false, "shop/deny-1")]
    [TestCase("aA", true, "shop/allow-1")]
    [TestCase("x", false, PolicyDecision.DefaultDenyRule)]
    [TestCase("X", false, PolicyDecision.DefaultDenyRule)]
    [TestCase("xA", true, "allow-1")]
    [TestCase("Xa", true, "shop/allow-1")]
    public void Decide_Precedence_IsAsDocumented(string lists, bool allowed, string rule)
    {
        OutboundPolicy policy = PolicyFixture.Policy(builder =>
        {
            foreach (char list in lists)
            {
                _ = list switch
                {
                    'D' => builder.DenyHosts("h.test"),
                    'd' => builder.ForTenant("shop", tenant => tenant.DenyHosts("h.test")),
                    'a' => builder.ForTenant("shop", tenant => tenant.AllowHosts("h.test")),
                    'A' => builder.AllowHosts("h.test"),
                    'x' => builder.ForTenant("shop", tenant => tenant.AllowHosts("other.test")),
                    _ => builder.AllowHosts("other.test"),
                };
            }
        });

        PolicyDecision decision = policy.Ask("https://h.test/");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Allowed, Is.EqualTo(allowed));
            Assert.That(decision.RuleId, Is.EqualTo(rule));
            Assert.That(decision.WouldBlock, Is.False);
            Assert.That(decision.Reason, Is.Not.Empty);
        }
    }

    // Namespace's mode, the tenant's (or none); refused by a deny rule of the namespace (D) or the tenant (d), or because no allow
    // rule of the namespace (n) or the tenant (t) admits it; refused, reported or let through.
    [TestCase(PolicyMode.Enforce, null, "D", "refused")]
    [TestCase(PolicyMode.Enforce, null, "d", "refused")]
    [TestCase(PolicyMode.Enforce, null, "n", "refused")]
    [TestCase(PolicyMode.Enforce, null, "t", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Enforce, "D", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Enforce, "d", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Enforce, "n", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Enforce, "t", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Report, "D", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Report, "d", "reported")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Report, "n", "reported")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Report, "t", "reported")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Open, "D", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Open, "d", "refused")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Open, "n", "allowed")]
    [TestCase(PolicyMode.Enforce, PolicyMode.Open, "t", "allowed")]
    [TestCase(PolicyMode.Report, null, "D", "reported")]
    [TestCase(PolicyMode.Report, null, "d", "reported")]
    [TestCase(PolicyMode.Report, null, "n", "reported")]
    [TestCase(PolicyMode.Report, null, "t", "reported")]
    [TestCase(PolicyMode.Report, PolicyMode.Enforce, "D", "refused")]
    [TestCase(PolicyMode.Report, PolicyMode.Enforce, "d", "refused")]
    [TestCase(PolicyMode.Report, PolicyMode.Enforce, "n", "refused")]
    [TestCase(PolicyMode.Report, PolicyMode.Enforce, "t", "refused")]
    [TestCase(PolicyMode.Report, PolicyMode.Report, "D", "reported")]
    [TestCase(PolicyMode.Report, PolicyMode.Report, "d", "reported")]
    [TestCase(PolicyMode.Report, PolicyMode.Report, "n", "reported")]
    [TestCase(PolicyMode.Report, PolicyMode.Report, "t", "reported")]
    [TestCase(PolicyMode.Report, PolicyMode.Open, "D", "refused")]
    [TestCase(PolicyMode.Report, PolicyMode.Open, "d", "refused")]
    [TestCase(PolicyMode.Report, PolicyMode.Open, "n", "allowed")]
    [TestCase(PolicyMode.Report, PolicyMode.Open, "t", "allowed")]
    [TestCase(PolicyMode.Open, null, "D", "refused")]
    [TestCase(PolicyMode.Open, null, "d", "refused")]
    [TestCase(PolicyMode.Open, null, "n", "allowed")]
    [TestCase(PolicyMode.Open, null, "t", "allowed")]
    [TestCase(PolicyMode.Open, PolicyMode.Enforce, "D", "refused")]
    [TestCase(PolicyMode.Open, PolicyMode.Enforce, "d", "refused")]
    [TestCase(PolicyMode.Open, PolicyMode.Enforce, "n", "refused")]
    [TestCase(PolicyMode.Open, PolicyMode.Enforce, "t", "refused")]
    [TestCase(PolicyMode.Open, PolicyMode.Report, "D", "refused")]
    [TestCase(PolicyMode.Open, PolicyMode.Report, "d", "reported")]
    [TestCase(PolicyMode.Open, PolicyMode.Report, "n", "reported")]
    [TestCase(PolicyMode.Open, PolicyMode.Report, "t", "reported")]
    [TestCase(PolicyMode.Open, PolicyMode.Open, "D", "refused")]
    [TestCase(PolicyMode.Open, PolicyMode.Open, "d", "refused")]
    [TestCase(PolicyMode.Open, PolicyMode.Open, "n", "allowed")]
    [TestCase(PolicyMode.Open, PolicyMode.Open, "t", "allowed")]
    public void Decide_Mode_SaysWhatBecomesOfARefusal(PolicyMode general, PolicyMode? own, string rule, string outcome)
    {
        OutboundPolicy policy = PolicyFixture.Policy(builder =>
        {
            builder.Mode(general);
            _ = rule == "t" ? builder : builder.AllowHosts("other.test");
            builder.ForTenant("shop", tenant =>
            {
                _ = own is { } mode ? tenant.Mode(mode) : tenant;
                _ = rule switch
                {
                    "d" => tenant.DenyHosts("h.test"),
                    "t" => tenant.AllowHosts("other.test"),
                    _ => tenant,
                };
            });
            _ = rule == "D" ? builder.DenyHosts("h.test") : builder;
        });

        PolicyDecision decision = policy.Ask("https://h.test/");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Allowed, Is.EqualTo(outcome != "refused"));
            Assert.That(decision.WouldBlock, Is.EqualTo(outcome == "reported"));
            Assert.That(decision.Mode, Is.EqualTo(own ?? general));
        }
    }

    [Test]
    public void Decide_OtherTenant_HasNothingOfThisOnesRules()
    {
        OutboundPolicy policy = PolicyFixture.Policy(builder => builder
            .ForTenant("shop", tenant => tenant.Mode(PolicyMode.Report).AllowHosts("h.test").DenyHosts("evil.test")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(policy.Ask("https://evil.test/", "Shop").RuleId, Is.EqualTo(PolicyDecision.DefaultAllowRule));
            Assert.That(policy.Ask("https://evil.test/", "Shop").Mode, Is.EqualTo(PolicyMode.Enforce));
            Assert.That(policy.Ask("https://evil.test/").WouldBlock, Is.True);
        }
    }

    [Test]
    public void Explain_RuleWithManyHosts_NamesThePattern()
    {
        OutboundPolicy policy = PolicyFixture.Policy(builder => builder
            .AllowHosts("a.test", "*.b.test", "192.0.2.1")
            .Deny(rule => rule.Id("no-clear-text").Schemes("http")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Explain("https://x.y.b.test/").Reason, Is.EqualTo("allowed by rule 'allow-1' of the namespace (a.test and 2 more), host pattern '*.b.test'"));
            Assert.That(Explain("https://A.test./").Reason, Does.EndWith("host pattern 'a.test'"));
            Assert.That(Explain("https://192.0.2.1/").Reason, Does.EndWith("host pattern '192.0.2.1'"));
            Assert.That(Explain("http://a.test/"), Has.Property("RuleId").EqualTo("no-clear-text").And.Property("Allowed").False);
            Assert.That(Explain("http://a.test/").Reason, Is.EqualTo("denied by rule 'no-clear-text' of the namespace (any host), host pattern '**'"));
            Assert.That(Explain("https://c.test/").Reason, Is.EqualTo("no allow rule of the tenant or the namespace matched"));
        }

        PolicyDecision Explain(string url)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            return policy.Explain("shop", request);
        }
    }

    [Test]
    public void Explain_RelativeUri_SaysWhatToSet()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/x", UriKind.Relative));

        Assert.That(() => PolicyFixture.Policy(_ => { }).Explain("shop", request), Throws.ArgumentException.With.Message.Contains("RequestUri"));
    }

    [Test]
    public void DryRun_NewPolicy_GivesWhatChanges()
    {
        OutboundPolicy old = PolicyFixture.Policy(builder => builder.AllowHosts("a.test", "b.test"));
        OutboundPolicy next = PolicyFixture.Policy(builder => builder.Allow(rule => rule.Id("renamed").Hosts("a.test")).AllowHosts("c.test")
            .ForTenant("trial", tenant => tenant.Mode(PolicyMode.Report)));
        DryRunRequest[] requests =
        [
            new("shop", HttpMethod.Get, new Uri("https://a.test/")),
            new("shop", HttpMethod.Get, new Uri("https://b.test/")),
            new("shop", HttpMethod.Get, new Uri("https://c.test/")),
            new("shop", HttpMethod.Get, new Uri("https://d.test/")),
            new("trial", HttpMethod.Get, new Uri("https://b.test/")),
        ];

        DryRunDifference[] differences = [.. old.DryRun(requests, next)];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(differences.Select(difference => difference.Request), Is.EqualTo(new[] { requests[1], requests[2], requests[4] }));
            Assert.That(differences.Select(difference => difference.Before.Allowed), Is.EqualTo(new[] { true, false, true }));
            Assert.That(differences.Select(difference => difference.After.Allowed), Is.EqualTo(new[] { false, true, true }));
            Assert.That(differences[2].After.WouldBlock, Is.True);
        }
    }

    // What the policies ask for, what is known; certain or not, and whether the decision with what is known is another.
    [TestCase("hosts", "record", true, true)]
    [TestCase("hosts", "all", true, true)]
    [TestCase("headers", "record", false, true)]
    [TestCase("headers", "all", true, false)]
    [TestCase("paths", "record", false, true)]
    [TestCase("paths", "headers", false, true)]
    [TestCase("paths", "all", true, false)]
    public void DryRun_RulesAskForWhatIsNotKept_SaysThatItIsNotCertain(string rules, string known, bool isCertain, bool isDifferent)
    {
        OutboundPolicy old = PolicyFixture.Policy(builder => builder.AllowHosts("a.test"));
        OutboundPolicy next = PolicyFixture.Policy(builder => builder.Allow(rule => _ = rules switch
        {
            "headers" => rule.Hosts("a.test").RequiredHeaders("X-Key"),
            "paths" => rule.Hosts("a.test").PathPrefixes("/orders/17"),
            _ => rule.Hosts("b.test"),
        }));
        using HttpRequestMessage message = new() { Headers = { { "X-Key", "1" } } };
        DryRunRequest request = new("shop", HttpMethod.Get, new Uri(known == "all" ? "https://a.test/orders/17" : "https://a.test/orders/{id}"))
        {
            Headers = known == "record" ? null : message.Headers,
            IsPathPartial = known != "all",
        };

        DryRunDifference[] differences = [.. old.DryRun([request], next)];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(differences, Has.Length.EqualTo(isDifferent ? 1 : 0));
            Assert.That(differences.Select(static difference => difference.IsCertain), Is.All.EqualTo(isCertain));
        }
    }

    [Test]
    public void DryRun_BothAskForHeadersOfTheirOwn_MayDiffer()
    {
        OutboundPolicy old = PolicyFixture.Policy(builder => builder.Allow(rule => rule.Hosts("a.test").RequiredHeaders("X-Old")));
        OutboundPolicy next = PolicyFixture.Policy(builder => builder.Deny(rule => rule.Hosts("a.test").RequiredHeaders("X-New")));

        DryRunDifference found = old.DryRun([new DryRunRequest("shop", HttpMethod.Get, new Uri("https://a.test/"))], next).Single();

        Assert.That((found.IsCertain, found.Before.Allowed, found.After.Allowed), Is.EqualTo((false, false, false)));
    }

    [Test]
    public void DryRun_RawConnection_IsJudgedAsOne()
    {
        OutboundPolicy old = PolicyFixture.Policy(builder => builder.Allow(rule => rule.Hosts("a.test").Schemes("tcp")));
        OutboundPolicy next = PolicyFixture.Policy(builder => builder.Allow(rule => rule.Hosts("a.test").Schemes("https")));

        DryRunDifference found = old.DryRun([new DryRunRequest("shop", HttpMethod.Connect, new Uri("tcp://a.test:25/"))], next).Single();

        Assert.That((found.IsCertain, found.Before.Allowed, found.After.Allowed), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void Build_SeveralProblems_AllAreListed()
    {
        OutboundPolicyBuilder builder = new OutboundPolicyBuilder()
            .AllowHosts("https://a.test", "b.test:80")
            .Allow(_ => { })
            .Allow(rule => rule.Hosts())
            .Deny(rule => rule.Id("twice").Schemes("gopher"))
            .Deny(rule => rule.Id("twice").Ports(0, 70000))
            .Deny(rule => rule.Id("kill-switch").Methods("GE T"))
            .Deny(rule => rule.RequiredHeaders("Content-Type").DeniedHeaders("host", "a b"))
            .ForTenant("shop", tenant => tenant.Mode((PolicyMode)7).AllowHosts("*"));

        PolicyValidationException exception = Assert.Throws<PolicyValidationException>(() => builder.Build())!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Problems, Has.Count.EqualTo(15));
            Assert.That(exception.Problems, Has.Some.Contains("'shop/allow-1'").And.Some.Contains("'allow-2' of the namespace: it has no condition"));
            Assert.That(exception.Message, Does.Contain(exception.Problems[14]));
        }
    }

    [Test]
    public void Decide_AnyOutcome_AllocatesNothing()
    {
        OutboundPolicy policy = PolicyFixture.Policy(builder => builder
            .AllowHosts(Enumerable.Range(0, 100).Select(i => $"*.h{i}.test").Append("192.0.2.1"))
            .Allow(rule => rule.Hosts("api.h1.test").Schemes("https").Ports(443).Methods("POST").PathPrefixes("/v1").RequiredHeaders("X-Key").DeniedHeaders("X-No"))
            .Deny(rule => rule.Hosts("**").PathPrefixes("/admin").Methods("GET"))
            .ForTenant("shop", tenant => tenant.DenyHosts("evil.test")));
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.h1.test/v1/%20x");
        request.Headers.Add("X-Key", "1");
        PolicySubject[] subjects =
        [
            .. new[] { "https://api.h1.test/v1/%20x", "https://api.h1.test/admin", "https://evil.test/", "https://nobody.test/", "https://192.0.2.1/", "https://[2001:db8::1]/" }
                .Select(url => new Uri(url))
                .Select(uri => new PolicySubject(HostName.Of(uri), HttpMethod.Get, uri, request.Headers)),
        ];

        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated, Is.Zero);

        void Round()
        {
            foreach (PolicySubject subject in subjects)
            {
                policy.Decide("shop", subject);
            }
        }
    }
}
