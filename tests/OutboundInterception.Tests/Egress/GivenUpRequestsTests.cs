using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Egress;

public class GivenUpRequestsTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void IsApart_AsManyInAWindow_ForAWhileAndForThatTenantAlone()
    {
        GivenUpRequests given = new(_time);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Add(given, "rude", GivenUpRequests.Most - 1), Is.Zero);
            Assert.That(given.IsApart("rude"), Is.False);
            Assert.That(Add(given, "rude", 1), Is.EqualTo(1));
            Assert.That(given.IsApart("rude"), Is.True);
            Assert.That(given.IsApart("other"), Is.False);
        }

        _time.Advance(GivenUpRequests.Apart);

        Assert.That(given.IsApart("rude"), Is.False);
    }

    [Test]
    public void IsApart_FewInEachWindow_Never()
    {
        GivenUpRequests given = new(_time);
        for (int window = 0; window < 10; window++)
        {
            Assert.That(Add(given, "patient", GivenUpRequests.Most - 1), Is.Zero);
            _time.Advance(GivenUpRequests.Window);
        }

        Assert.That(given.IsApart("patient"), Is.False);
    }

    [Test]
    public void IsApart_GoesOn_StaysApartFromTheLastTime()
    {
        GivenUpRequests given = new(_time);
        Add(given, "first", GivenUpRequests.Most);
        _time.Advance(GivenUpRequests.Apart / 2);
        Add(given, "second", GivenUpRequests.Most);
        Assert.That(given.IsApart("first"), Is.True);
        Add(given, "first", GivenUpRequests.Most * 3);
        _time.Advance(GivenUpRequests.Apart * 0.75);

        Assert.That(given.IsApart("first"), Is.True);
        Assert.That(given.IsApart("second"), Is.True);
    }

    [Test]
    public async Task Add_ByManyThreads_NoneIsLost()
    {
        GivenUpRequests given = new(_time);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(tenant => Task.Run(() => Add(given, $"tenant-{tenant % 4}", GivenUpRequests.Most / 2))));

        Assert.That(Enumerable.Range(0, 4).Count(tenant => given.IsApart($"tenant-{tenant}")), Is.EqualTo(4));
    }

    // How often it said that the tenant is apart from now on.
    private static int Add(GivenUpRequests given, string tenant, int times) => Enumerable.Range(0, times).Count(_ => given.Add(tenant));
}
