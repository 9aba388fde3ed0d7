namespace OutboundInterception.Compilation.Tests;

public class TagTests
{
    [Test]
    public async Task Find_Tags_ListedCountedAndDeleted()
    {
        await using DeployPlatform platform = new();
        TenantCollection tenants = platform.Namespace.Tenants;
        foreach (string name in new[] { "a", "b", "c", "d" })
        {
            tenants.Add(name, static (_, _, _) => Task.FromResult(new HttpResponseMessage()));
        }

        tenants.SetTags("a", "free", "staging");
        tenants.SetTags("b", "free");
        tenants.SetTags("c", "paid");
        tenants.Set("b", static (_, _, _) => Task.FromResult(new HttpResponseMessage()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tenants.Find(TagFilter.With("free")), Is.EquivalentTo(["a", "b"]), "a tenant that is replaced keeps its tags");
            Assert.That(tenants.CountOf(TagFilter.Parse("free:no")), Is.EqualTo(2));
            Assert.That(tenants.Remove(TagFilter.With("free").And(TagFilter.Without("staging"))), Is.EqualTo(1));
            Assert.That(tenants.Names, Is.EquivalentTo(["a", "c", "d"]));
            Assert.That(() => tenants.SetTags("b", "free"), Throws.TypeOf<TenantNotFoundException>());
            Assert.That(() => tenants.TagsOf("b"), Throws.TypeOf<TenantNotFoundException>());
        }
    }

    [TestCase("a,b")]
    [TestCase("a:b")]
    [TestCase("a&b")]
    [TestCase("a\n")]
    [TestCase("")]
    public async Task SetTags_NotATag_RefusedAndNothingChanged(string tag)
    {
        await using DeployPlatform platform = new();
        platform.Namespace.Tenants.Add("a", static (_, _, _) => Task.FromResult(new HttpResponseMessage()));
        platform.Namespace.Tenants.SetTags("a", "old");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => platform.Namespace.Tenants.SetTags("a", "new", tag), Throws.ArgumentException);
            Assert.That(() => TagFilter.With(tag), Throws.ArgumentException);
            Assert.That(platform.Namespace.Tenants.TagsOf("a"), Is.EqualTo(["old"]));
        }
    }

    [Test]
    public async Task SetTags_NineOrNone_NineRefused()
    {
        await using DeployPlatform platform = new();
        platform.Namespace.Tenants.Add("a", static (_, _, _) => Task.FromResult(new HttpResponseMessage()));

        Assert.That(() => platform.Namespace.Tenants.SetTags("a", Enumerable.Range(0, 9).Select(static index => $"t{index}")), Throws.ArgumentException);
        platform.Namespace.Tenants.SetTags("a");
        Assert.That(platform.Namespace.Tenants.TagsOf("a"), Is.Empty);
    }

    [TestCase("a")]
    [TestCase("a:maybe")]
    [TestCase("")]
    [TestCase("a:yes,")]
    [TestCase(":yes")]
    public void Parse_Malformed_Refused(string text) => Assert.That(() => TagFilter.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void Parse_ToString_SameText() => Assert.That(TagFilter.Parse("a:yes,b c:no").ToString(), Is.EqualTo("a:yes,b c:no"));
}
