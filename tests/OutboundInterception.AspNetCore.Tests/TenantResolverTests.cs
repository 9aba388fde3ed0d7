using Microsoft.AspNetCore.Http;

namespace OutboundInterception.AspNetCore.Tests;

public class TenantResolverTests
{
    [TestCase("shop.apps.example.com", "shop")]
    [TestCase("SHOP.Apps.Example.COM", "shop")]
    [TestCase("shop.apps.example.com:8443", "shop")]
    [TestCase("shop.apps.example.com.", "shop")]
    [TestCase("xn--bcher-kva.apps.example.com", "xn--bcher-kva")]
    [TestCase("shop.apps.example.com..", null)]
    [TestCase("www.shop.apps.example.com", null)]
    [TestCase("apps.example.com", null)]
    [TestCase(".apps.example.com", null)]
    [TestCase("shopapps.example.com", null)]
    [TestCase("shop.example.com", null)]
    [TestCase("shop.apps.example.com.evil.net", null)]
    [TestCase("evil.com", null)]
    [TestCase("127.0.0.1", null)]
    [TestCase("[::1]", null)]
    [TestCase("[::1]:80", null)]
    [TestCase("localhost", null)]
    [TestCase("", null)]
    // U+212A, which lower-cases to an ASCII k.
    [TestCase("boo\u212A.apps.example.com", null)]
    public void Subdomain_Host_IsOneLabelBeforeTheSuffix(string host, string? expected) =>
        Assert.That(Resolve(TenantResolver.Subdomain("apps.example.com"), http => http.Request.Headers.Host = host), Is.EqualTo(expected));

    [TestCase("127.0.0.1")]
    [TestCase("127.0.1")]
    public void Subdomain_AddressThatEndsInTheSuffix_IsNoTenant(string host) =>
        Assert.That(Resolve(TenantResolver.Subdomain("0.1"), http => http.Request.Headers.Host = host), Is.Null);

    [TestCase(".")]
    [TestCase(" ")]
    [TestCase("")]
    [TestCase("apps.example.com:80")]
    [TestCase("https://apps.example.com")]
    public void Subdomain_SuffixIsNoHost_Throws(string suffix) =>
        Assert.That(() => TenantResolver.Subdomain(suffix), Throws.ArgumentException);

    [TestCase("/", "/shop/orders", "shop")]
    [TestCase("/", "/shop", "shop")]
    [TestCase("/", "/", null)]
    [TestCase("/", "//orders", null)]
    [TestCase("/t", "/t/shop/orders", "shop")]
    [TestCase("/t/", "/t/shop", "shop")]
    [TestCase("/t", "/t", null)]
    [TestCase("/t", "/t/", null)]
    [TestCase("/t", "/tshop/orders", null)]
    [TestCase("/t", "/other/shop", null)]
    public void PathPrefix_Path_IsTheSegmentBehindIt(string prefix, string path, string? expected) =>
        Assert.That(Resolve(TenantResolver.PathPrefix(prefix), http => http.Request.Path = path), Is.EqualTo(expected));

    [Test]
    public void Header_OneValue_IsTheTenant()
    {
        TenantResolver resolver = TenantResolver.Header("X-Tenant");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Resolve(resolver, http => http.Request.Headers["x-tenant"] = "shop"), Is.EqualTo("shop"));
            Assert.That(Resolve(resolver, http => http.Request.Headers["X-Tenant"] = new string[] { "shop", "mailer" }), Is.Null);
            Assert.That(Resolve(resolver, http => http.Request.Headers["X-Tenant"] = ""), Is.Null);
            Assert.That(Resolve(resolver, _ => { }), Is.Null);
        }
    }

    [Test]
    public void RouteValue_Given_IsTheTenant()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Resolve(TenantResolver.RouteValue("tenant"), http => http.Request.RouteValues["tenant"] = "shop"), Is.EqualTo("shop"));
            Assert.That(Resolve(TenantResolver.RouteValue("tenant"), _ => { }), Is.Null);
        }
    }

    private static string? Resolve(TenantResolver resolver, Action<HttpContext> prepare)
    {
        DefaultHttpContext http = new();
        prepare(http);
        return resolver.Resolve(http);
    }
}
