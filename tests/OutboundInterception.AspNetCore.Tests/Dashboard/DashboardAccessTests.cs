using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

[CancelAfter(60_000)]
public class DashboardAccessTests
{
    private static readonly string[] s_paths =
        ["/_outbound/", "/_outbound/app.js", "/_outbound/api/namespaces", "/_outbound/api/namespaces/production/records", "/_outbound/api/namespaces/production/feed"];

    [TestCaseSource(nameof(s_paths))]
    public async Task Get_FromElsewhereWithoutAuthorization_403(string path)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(application: DashboardServer.FromElsewhere);

        using HttpResponseMessage response = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCaseSource(nameof(s_paths))]
    public async Task Get_FromHere_200AndBoundByAPolicy(string path)
    {
        await using DashboardServer server = await DashboardServer.StartAsync();

        using HttpResponseMessage response = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'self'"));
            Assert.That(response.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        }
    }

    [Test]
    public async Task Get_FromHereUnderAnothersName_403()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/_outbound/api/namespaces") { Headers = { Host = "rebound.evil.example" } };

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task AllowRemote_FromElsewhere_200()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(static page => page.AllowRemote(), DashboardServer.FromElsewhere);

        using HttpResponseMessage response = await server.Client.GetAsync("/_outbound/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("operator", HttpStatusCode.OK)]
    [TestCase(null, HttpStatusCode.Unauthorized)]
    public async Task RequireAuthorization_FromElsewhere_AsTheHostsOwnSays(string? user, HttpStatusCode expected)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            static page => page.RequireAuthorization(),
            static app =>
            {
                DashboardServer.FromElsewhere(app);
                app.UseAuthentication();
                app.UseAuthorization();
            },
            Authentication);
        if (user is not null)
        {
            server.Client.DefaultRequestHeaders.Add("X-User", user);
        }

        using HttpResponseMessage response = await server.Client.GetAsync("/_outbound/");

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Kill_WithoutBeingAllowed_403AndNothingChanges()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        (string cookies, string token) = await server.OpenAsync();

        using HttpResponseMessage response = await server.PostAsync("tenants/shop/kill", token, cookies);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(server.Namespace.Policy.IsKilled("shop"), Is.False);
    }

    [TestCase("tenants/shop/kill")]
    [TestCase("tenants/other/revive")]
    [TestCase("dry-run")]
    public async Task Post_WithoutTheTokenOrItsCookie_400AndNothingChanges(string path)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(static page => page.AllowKillSwitch());
        server.Namespace.Policy.Kill("other");
        (string cookies, string token) = await server.OpenAsync();
        (_, string others) = await server.OpenAsync();

        using HttpResponseMessage none = await server.PostAsync(path, token: null, cookies, "{}");
        using HttpResponseMessage guess = await server.PostAsync(path, "guess", cookies, "{}");
        using HttpResponseMessage withoutCookie = await server.PostAsync(path, token, "a=b", "{}");
        using HttpResponseMessage anothers = await server.PostAsync(path, others, cookies, "{}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                new[] { none.StatusCode, guess.StatusCode, withoutCookie.StatusCode, anothers.StatusCode }, Is.All.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(server.Namespace.Policy.IsKilled("shop"), Is.False);
            Assert.That(server.Namespace.Policy.IsKilled("other"), Is.True);
        }
    }

    [Test]
    public async Task Kill_Allowed_SwitchesTheTenantOffAndReviveOnAgain()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(static page => page.AllowKillSwitch());
        (string cookies, string token) = await server.OpenAsync();

        using HttpResponseMessage killed = await server.PostAsync("tenants/shop/kill", token, cookies);
        bool wasKilled = server.Namespace.Policy.IsKilled("shop");
        using HttpResponseMessage revived = await server.PostAsync("tenants/shop/revive", token, cookies);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(killed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await killed.Content.ReadAsStringAsync(), Does.Contain("\"isKilled\":true"));
            Assert.That(wasKilled, Is.True);
            Assert.That(revived.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(server.Namespace.Policy.IsKilled("shop"), Is.False);
        }
    }

    [TestCase("operator", HttpStatusCode.Forbidden)]
    [TestCase("admin", HttpStatusCode.OK)]
    public async Task AllowKillSwitch_WithAPolicy_OnlyWhoMeetsIt(string user, HttpStatusCode expected)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            static page => page.AllowKillSwitch("admins"), static app => app.UseAuthentication().UseAuthorization(), Authentication);
        server.Client.DefaultRequestHeaders.Add("X-User", user);
        (string cookies, string token) = await server.OpenAsync();

        using HttpResponseMessage response = await server.PostAsync("tenants/shop/kill", token, cookies);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That(server.Namespace.Policy.IsKilled("shop"), Is.EqualTo(expected == HttpStatusCode.OK));
    }

    private static void Authentication(IServiceCollection services)
    {
        services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
        services.AddAuthorizationBuilder().AddPolicy("admins", static policy => policy.RequireUserName("admin"));
    }
}
