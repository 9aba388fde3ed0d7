namespace OutboundInterception.Tests.Outbound;

public class HeaderRulesTests
{
    private static readonly string[] s_kept =
    [
        "Host", "TE", "Via", "Connection", "Transfer-Encoding", "Content-Length", "CDN-Loop", "traceparent", "HTTP2-Settings", "X-Real-IP",
        "X-Original-URL", "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override", "Some-Override",
    ];

    private static readonly string[] s_passedOn =
    [
        "A", "x", "Accept", "Cookie", "Hosts", "Tea", "X-Forwarded", "X-Header-1", "Override", "X-Overridden", "1-Real-IP", "Content-Lengths",
        "Some-Header-That-Is-Longer-Than-Any-Of-Those-That-Are-Kept",
    ];

    [Test]
    public void GoesOn_WhateverTheCaseAndTheDashes_KeepsWhatIsThePlatforms([ValueSource(nameof(s_kept))] string name)
    {
        string[] spelled = [name, name.ToUpperInvariant(), name.ToLowerInvariant(), name.Replace('-', '_'), name.Replace('-', '.').ToUpperInvariant()];

        Assert.That(spelled.Where(HeaderRules.GoesOn), Is.Empty);
    }

    [Test]
    public void GoesOn_Others_PassesThemOn([ValueSource(nameof(s_passedOn))] string name) =>
        Assert.That(new[] { name, name.ToUpperInvariant(), name.ToLowerInvariant() }.Where(static spelled => !HeaderRules.GoesOn(spelled)), Is.Empty);

    [Test]
    public void Contains_EachName_InAnyCaseAndNoneThatDiffersInALetter()
    {
        string[] names = ["Link", "Line", "Range", "x", "@odd"];
        HeaderNameSet set = new(names);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(names.Where(name => !set.Contains(name) || !set.Contains(name.ToUpperInvariant()) || !set.Contains(name.ToLowerInvariant())), Is.Empty);
            Assert.That(new[] { string.Empty, "l", "y", "Lin", "Lint", "Rings", "`odd", "Links", "Ranges and more" }.Where(set.Contains), Is.Empty);
        }
    }
}
