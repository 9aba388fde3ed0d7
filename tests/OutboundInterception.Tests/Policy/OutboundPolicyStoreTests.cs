using Microsoft.Extensions.Configuration;

namespace OutboundInterception.Tests;

public sealed class OutboundPolicyStoreTests
{
    private static readonly Uri s_uri = new("https://h.test/");
    private static readonly CanonicalHost s_host = HostName.Of(s_uri);
    private static readonly HttpRequestMessage s_message = new(HttpMethod.Get, s_uri);

    [Test]
    public void Replace_Valid_IsInForceUnderTheNextVersion()
    {
        OutboundPolicyStore store = new(policy => policy.DenyHosts("h.test"));
        long first = Decide(store).PolicyVersion;

        OutboundPolicy replaced = store.Replace(policy => policy.AllowHosts("h.test"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.EqualTo(1));
            Assert.That(replaced.Version, Is.EqualTo(2));
            Assert.That(store.Current, Is.SameAs(replaced));
            Assert.That(Decide(store), Has.Property("Allowed").True.And.Property("PolicyVersion").EqualTo(2));
        }
    }

    [Test]
    public void Replace_Invalid_IsRefusedWholeAndTheOldOneStays()
    {
        OutboundPolicyStore store = new(policy => policy.DenyHosts("h.test"));
        OutboundPolicy old = store.Current;

        Assert.That(() => store.Replace(policy => policy.AllowHosts("h.test").AllowHosts("*")), Throws.TypeOf<PolicyValidationException>());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(store.Current, Is.SameAs(old));
            Assert.That(Decide(store).Allowed, Is.False);
        }
    }

    [Test]
    public void Replace_OldPolicy_ComesBackUnderANewVersion()
    {
        OutboundPolicyStore store = new(policy => policy.DenyHosts("h.test"));
        OutboundPolicy old = store.Current;
        store.Replace(_ => { });

        store.Replace(old);

        Assert.That(Decide(store), Has.Property("Allowed").False.And.Property("PolicyVersion").EqualTo(3));
    }

    [Test]
    public void Kill_Tenant_NothingOfItGoesOutInAnyModeUntilRevived()
    {
        OutboundPolicyStore store = new(policy => policy.Mode(PolicyMode.Open));
        using HttpRequestMessage request = new(HttpMethod.Get, s_uri);

        bool killed = store.Kill("shop");
        PolicyDecision off = Decide(store);
        PolicyDecision explained = store.Explain("shop", request);
        PolicyDecision socket = store.DecideSocket("shop", s_host, 25);
        PolicyDecision other = Decide(store, "other");
        store.Replace(policy => policy.Mode(PolicyMode.Report));
        PolicyDecision afterReplace = Decide(store);
        bool revived = store.Revive("shop");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(killed, Is.True);
            Assert.That(off, Has.Property("Allowed").False.And.Property("RuleId").EqualTo(PolicyDecision.KillSwitchRule));
            Assert.That(explained, Is.EqualTo(off));
            Assert.That(socket.Allowed, Is.False);
            Assert.That(other.Allowed, Is.True);
            Assert.That(afterReplace.Allowed, Is.False);
            Assert.That(revived, Is.True);
            Assert.That(Decide(store).Allowed, Is.True);
            Assert.That(store.Killed, Is.Empty);
            Assert.That(store.Revive("shop"), Is.False);
        }
    }

    [Test]
    public void Kill_Subscribed_IsToldOnceAndAfterDecisionsAreRefused()
    {
        OutboundPolicyStore store = new(_ => { });
        List<(string, bool)> told = [];
        store.TenantKilled += tenant => told.Add((tenant, Decide(store, tenant).Allowed));

        store.Kill("shop");
        bool again = store.Kill("shop");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told, Is.EqualTo(new[] { ("shop", false) }));
            Assert.That(again, Is.False);
        }
    }

    [Test]
    public void Kill_SubscriberThrows_TheOthersAreToldAndTheTenantIsOff()
    {
        OutboundPolicyStore store = new(_ => { });
        bool told = false;
        store.TenantKilled += _ => throw new InvalidOperationException("first");
        store.TenantKilled += _ => told = true;

        AggregateException exception = Assert.Throws<AggregateException>(() => store.Kill("shop"))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.InnerExceptions, Has.Count.EqualTo(1));
            Assert.That(told, Is.True);
            Assert.That(store.IsKilled("shop"), Is.True);
        }
    }

    [Test]
    public void Follow_Reloads_ReplacesAndReportsWhatItRefuses()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Policy:Deny:0"] = "h.test" })
            .Build();
        OutboundPolicyStore store = new(_ => { });
        List<PolicyValidationException> refused = [];
        IDisposable following = store.Follow(configuration.GetSection("Policy"), refused.Add);

        bool beforeReload = Decide(store).Allowed;
        configuration.Reload();
        bool afterReload = Decide(store).Allowed;
        configuration["Policy:Dney:0"] = "x.test";
        configuration.Reload();
        long version = store.Current.Version;
        following.Dispose();
        configuration["Policy:Dney:0"] = null;
        configuration.Reload();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(beforeReload, Is.True);
            Assert.That(afterReload, Is.False);
            Assert.That(refused.Single().Problems.Single(), Does.Contain("Policy:Dney"));
            Assert.That(version, Is.EqualTo(2));
            Assert.That(store.Current.Version, Is.EqualTo(2));
        }
    }

    // Even versions allow, odd ones refuse: a decision that mixed two policies, or was made by an old one, shows.
    [Test]
    [CancelAfter(30_000)]
    public async Task Decide_WhileReplaced_IsNeverByAnOlderPolicyThanTheLastReplaced(CancellationToken cancellationToken)
    {
        OutboundPolicyStore store = new(policy => policy.DenyHosts("h.test"));
        OutboundPolicy refusing = PolicyFixture.Policy(policy => policy.DenyHosts("h.test"));
        OutboundPolicy allowing = PolicyFixture.Policy(policy => policy.AllowHosts("h.test"));
        using Barrier start = new(4);
        long published = 1;
        bool done = false;
        int wrong = 0;
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(cancellationToken);
                while (!Volatile.Read(ref done))
                {
                    long atLeast = Volatile.Read(ref published);
                    PolicyDecision decision = Decide(store);
                    if (decision.PolicyVersion < atLeast || decision.Allowed != (decision.PolicyVersion % 2 == 0))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        start.SignalAndWait(cancellationToken);
        for (int round = 0; round < 20_000; round++)
        {
            OutboundPolicy next = store.Replace(round % 2 == 0 ? allowing : refusing);
            Volatile.Write(ref published, next.Version);
        }

        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong, Is.Zero);
            Assert.That(store.Current.Version, Is.EqualTo(20_001));
        }
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task ReplaceKillAndRevive_FromManyThreads_LoseNothing(CancellationToken cancellationToken)
    {
        OutboundPolicyStore store = new(_ => { });
        OutboundPolicy empty = PolicyFixture.Policy(_ => { });
        using Barrier start = new(4);
        int wrong = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(
            () =>
            {
                string tenant = $"tenant{worker}";
                start.SignalAndWait(cancellationToken);
                for (int round = 0; round < 1000; round++)
                {
                    store.Replace(empty);
                    store.Kill(tenant);
                    Interlocked.Add(ref wrong, Decide(store, tenant).Allowed ? 1 : 0);
                    store.Revive(tenant);
                    Interlocked.Add(ref wrong, Decide(store, tenant).Allowed ? 0 : 1);
                }
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong, Is.Zero);
            Assert.That(store.Current.Version, Is.EqualTo(4001));
            Assert.That(store.Killed, Is.Empty);
        }
    }

    private static PolicyDecision Decide(OutboundPolicyStore store, string tenant = "shop")
        => store.Decide(tenant, s_message, s_uri, s_host);
}
