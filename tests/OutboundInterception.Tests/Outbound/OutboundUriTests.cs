using System.Net;

namespace OutboundInterception.Tests;

internal sealed class OutboundUriTests
{
    private static readonly UriCreationOptions s_raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    [TestCase("https://api.example.com/orders?of=7")]
    [TestCase("https://api.example.com/a%2fb%20c")]
    [TestCase("https://api.example.com/.well-known/jwks.json")]
    [TestCase("https://93.184.215.14/")]
    [TestCase("https://[2606:4700:4700::1111]/")]
    public void Check_CanonicalUri_IsTheSameInstance(string url)
    {
        Uri uri = new(url);

        OutboundUri check = OutboundUri.Check(uri, UrlStrictness.Strict);

        Assert.That(check.Uri, Is.SameAs(uri));
    }

    [TestCase(null, "invalid-uri")]
    [TestCase("/orders", "invalid-uri")]
    [TestCase("ftp://example.com/", "scheme")]
    [TestCase("https://[fe80::1%251]/", "zone")]
    [TestCase("https://[::1%25lo]/", "zone")]
    [TestCase("https://evil.test\uFF0F.example.com/", "invalid-host")]
    [TestCase("https://example.com\u00A0/", "invalid-host")]
    public void Check_NoUrlForUs_IsRefusedHoweverStrict(string? url, string reason)
    {
        // On Unix "/orders" would be a file.
        Uri? uri = url is null ? null : new Uri(url, url[0] == '/' ? UriKind.Relative : UriKind.Absolute);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(OutboundUri.Check(uri, UrlStrictness.Strict).Reason, Is.EqualTo(reason).Or.EqualTo("non-ascii-url"));
            Assert.That(OutboundUri.Check(uri, UrlStrictness.Literal).Reason, Is.EqualTo(reason));
            Assert.That(OutboundUri.Check(uri, UrlStrictness.Literal).Uri, Is.Null);
        }
    }

    [TestCase("https://user:pw@example.com/", "userinfo")]
    [TestCase("https://@example.com/", "userinfo")]
    [TestCase("https://example.com:8443/", "port")]
    [TestCase("https://example.com./", "trailing-dot")]
    [TestCase("https://ex\u00E4mple.com/", "non-ascii-url")]
    [TestCase("https://example.com/a\\b", "backslash")]
    [TestCase("https://example.com/a b", "control-or-space")]
    [TestCase("https://example.com/a\r\nX: 1", "control-or-space")]
    public void Check_OpenToInterpretation_IsRefusedOnlyWhenStrict(string url, string reason)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(OutboundUri.Check(new Uri(url), UrlStrictness.Strict).Reason, Is.EqualTo(reason));
            Assert.That(OutboundUri.Check(new Uri(url), UrlStrictness.Strict).Host.Name, Does.EndWith("mple.com").Or.StartsWith("xn--"));
            Assert.That(OutboundUri.Check(new Uri(url), UrlStrictness.Literal).IsAccepted, Is.True);
        }
    }

    [TestCase("https://user:pw@example.com:8443/a?b#c", "https://example.com:8443/a?b")]
    [TestCase("https://@example.com/", "https://example.com/")]
    [TestCase("https://example.com./x", "https://example.com/x")]
    [TestCase("https://example.com/a?b#c", "https://example.com/a?b")]
    [TestCase("https://\uFF45xample\u3002com/", "https://example.com/")]
    [TestCase("http://\u2460\u2461\u2466.\u24EA.\u24EA.\u2462/", "http://127.0.0.3/")]
    [TestCase("http://0x7f.1./", "http://127.0.0.1/")]
    [TestCase("http://[::FFFF:7f00:1]:81/", "http://[::ffff:127.0.0.1]:81/")]
    [TestCase("https://example.com/?mail=a@b", "https://example.com/?mail=a@b")]
    public void Check_Literal_NamesTheHostAsItIsDialled(string url, string expected)
    {
        OutboundUri check = OutboundUri.Check(new Uri(url), UrlStrictness.Literal);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(check.Uri?.AbsoluteUri, Is.EqualTo(expected));
            Assert.That(check.Uri?.Host.Trim('[', ']'), Is.EqualTo(check.Host.Name));
            Assert.That(check.Uri?.UserInfo, Is.Empty);
        }
    }

    [Test]
    public void Check_Strict_DropsTheFragment()
    {
        OutboundUri check = OutboundUri.Check(new Uri("https://example.com/a#secret"), UrlStrictness.Strict);

        Assert.That(check.Uri?.AbsoluteUri, Is.EqualTo("https://example.com/a"));
    }

    [Test]
    public void Check_DerivedUri_IsRemadeAsAnExactOne()
    {
        OutboundUri check = OutboundUri.Check(new LyingUri("https://internal.test/"), UrlStrictness.Strict);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(check.Uri?.GetType(), Is.EqualTo(typeof(Uri)));
            Assert.That(check.Uri?.ToString(), Is.EqualTo("https://internal.test/"));
            Assert.That(check.Host.Name, Is.EqualTo("internal.test"));
        }
    }

    [TestCase("https://example.com/a\r\nX: 1\r\n\r\nGET /b", "/a%0D%0AX:%201%0D%0A%0D%0AGET%20/b")]
    [TestCase("https://example.com/a/../../b", "/b")]
    [TestCase("https://example.com/a/%2e%2e/b", "/b")]
    [TestCase("https://example.com/a?b#c", "/a?b")]
    [TestCase("https://example.com/\u00E4", "/%C3%A4")]
    public void Check_RawUri_IsCanonicalized(string url, string expected)
    {
        Uri raw = new(url, s_raw);

        OutboundUri check = OutboundUri.Check(raw, UrlStrictness.Literal);

        Assert.That(check.Uri?.PathAndQuery, Is.EqualTo(expected));
    }

    [Test]
    public void Check_RawLineBreak_IsRefusedWhenStrict()
    {
        OutboundUri check = OutboundUri.Check(new Uri("https://example.com/a\r\nX: 1", s_raw), UrlStrictness.Strict);

        Assert.That(check.Problem, Is.EqualTo(OutboundUriProblem.ControlOrSpace));
    }

    [TestCase('a', 0, ExpectedResult = OutboundUriProblem.None)]
    [TestCase('a', 1, ExpectedResult = OutboundUriProblem.TooLong)]
    [TestCase('\u00E4', 0, ExpectedResult = OutboundUriProblem.TooLong)]
    public OutboundUriProblem Check_LongUrl_IsRefusedAbove16KiBOnceEscaped(char filling, int above)
    {
        const string Start = "https://example.com/";
        Uri uri = new(Start + new string(filling, OutboundUri.MaxLength - Start.Length + above));

        return OutboundUri.Check(uri, UrlStrictness.Literal).Problem;
    }

    [TestCase("EXAMPLE.com.", ExpectedResult = "example.com ")]
    [TestCase("2130706433", ExpectedResult = "127.0.0.1 127.0.0.1")]
    [TestCase("0:0::1", ExpectedResult = "::1 ::1")]
    [TestCase("127.0.0.256", ExpectedResult = "127.0.0.256 ")]
    public string Canonicalize_HostOrAddress_ReadsIt(string host)
    {
        (string name, IPAddress? address) = OutboundUri.Canonicalize(host);

        return $"{name} {address}";
    }

    [Test]
    public void Check_CanonicalUri_AllocatesNothingMore()
    {
        Uri uri = new("https://api.example.com/orders?of=7");
        OutboundUri.Check(uri, UrlStrictness.Strict);
        long least = long.MaxValue;

        // The least of several rounds: the runtime has its own business on a thread now and then.
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            OutboundUri.Check(uri, UrlStrictness.Strict);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    private sealed class LyingUri(string url) : Uri(url)
    {
        public override string ToString() => "https://example.com/";

        public override bool Equals(object? comparand) => true;

        public override int GetHashCode() => 0;
    }
}
