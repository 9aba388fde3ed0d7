using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

[CancelAfter(60_000)]
public class DashboardApiTests
{
    private const string Api = "/_outbound/api/namespaces/production/";

    [Test]
    public async Task Records_Filter_GivesThoseThatMatch()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        await server.DispatchAsync("/one");
        await server.DispatchAsync("/two");

        JsonNode all = await GetAsync(server, "records");
        JsonNode one = await GetAsync(server, "records?text=/one");
        JsonNode none = await GetAsync(server, "records?decision=blocked");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all["records"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That((long)all["next"]!, Is.EqualTo(2));
            Assert.That((string)one["records"]!.AsArray().Single()!["path"]!, Is.EqualTo("/one"));
            Assert.That(none["records"]!.AsArray(), Is.Empty);
        }
    }

    [Test]
    public async Task Feed_RecordsThatCome_AreSentAndAskAgainFromTheirPlace(CancellationToken cancellationToken)
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        await server.DispatchAsync("/before");
        using HttpResponseMessage feed = await server.Client.GetAsync(Api + "feed?text=/two", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using StreamReader reader = new(await feed.Content.ReadAsStreamAsync(cancellationToken));

        await server.DispatchAsync("/one");
        await server.DispatchAsync("/two");
        string? line;
        List<string> lines = [];
        do
        {
            line = await reader.ReadLineAsync(cancellationToken);
            lines.Add(line!);
        }
        while (line != "");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(feed.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
            Assert.That(lines, Has.Some.EqualTo("event: records"));
            Assert.That(lines.Single(static each => each.StartsWith("data:", StringComparison.Ordinal)), Does.Contain("/two").And.Not.Contain("/one").And.Not.Contain("/before"));
            Assert.That(lines, Has.Some.EqualTo("id: 3"));
        }
    }

    [Test]
    public async Task Feed_FromAPlaceThatAServerBeforeHad_BeginsWithWhatThisOneHas(CancellationToken cancellationToken)
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        await server.DispatchAsync("/since");
        using HttpRequestMessage request = new(HttpMethod.Get, Api + "feed") { Headers = { { "Last-Event-ID", "4711" } } };
        using HttpResponseMessage feed = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using StreamReader reader = new(await feed.Content.ReadAsStreamAsync(cancellationToken));
        string? line;
        do
        {
            line = await reader.ReadLineAsync(cancellationToken);
        }
        while (line?.StartsWith("data:", StringComparison.Ordinal) == false);

        Assert.That(line, Does.Contain("/since").And.Contain("\"skipped\":0"));
    }

    [Test]
    public async Task Summary_Tenant_Namespaces_SayWhatThereIs()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        await server.DispatchAsync();

        JsonNode summary = await GetAsync(server, "summary?minutes=5");
        JsonNode tenant = await GetAsync(server, "tenants/shop");
        JsonNode names = await GetAsync(server, "tenants");
        JsonNode namespaces = JsonNode.Parse(await server.Client.GetStringAsync("/_outbound/api/namespaces"))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)summary["total"]!["count"]!, Is.EqualTo(1));
            Assert.That(summary["series"]!.AsArray(), Has.Count.EqualTo(60));
            Assert.That((string)summary["tenants"]!.AsArray().Single()!["name"]!, Is.EqualTo("shop"));
            Assert.That((string)summary["hosts"]!.AsArray().Single()!["name"]!, Is.EqualTo("api.example.com"));
            Assert.That((bool)tenant["exists"]!, Is.True);
            Assert.That((long)tenant["usage"]!["subrequests"]!, Is.EqualTo(1));
            Assert.That((string)tenant["rules"]!.AsArray().Single()!["conditions"]!, Does.Contain("api.example.com"));
            Assert.That((double)tenant["limits"]!.AsArray().First()!["limit"]!, Is.EqualTo(1000));
            Assert.That(tenant["circuits"]!.AsArray(), Is.Empty);
            Assert.That(tenant["versions"]!.AsArray(), Is.Empty);
            Assert.That(names.ToJsonString(), Is.EqualTo("[\"shop\"]"));
            Assert.That((string)namespaces.AsArray().Single()!["name"]!, Is.EqualTo("production"));
        }
    }

    [Test]
    public async Task Dispatch_AndHar_HoldItsSubrequestsAlone()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        await server.DispatchAsync("/one");
        await server.DispatchAsync("/two");
        string dispatch = (string)(await GetAsync(server, "records?text=/one"))["records"]!.AsArray().Single()!["dispatch"]!;

        JsonNode found = await GetAsync(server, $"dispatches/{dispatch}");
        JsonNode har = await GetAsync(server, $"har?dispatch={dispatch}");

        Assert.That((string)found["records"]!.AsArray().Single()!["path"]!, Is.EqualTo("/one"));
        Assert.That((string)har["log"]!["entries"]!.AsArray().Single()!["request"]!["url"]!, Is.EqualTo("https://api.example.com/one"));
    }

    [Test]
    public async Task DryRun_APolicy_SaysWhatItWouldChange()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        await server.DispatchAsync();
        await server.DispatchAsync();
        (string cookies, string token) = await server.OpenAsync();

        JsonNode changed = await DryRunAsync(server, """{ "Allow": [ "other.example" ] }""", token, cookies);
        JsonNode same = await DryRunAsync(server, """{ "Allow": [ "*.example.com" ] }""", token, cookies);
        JsonNode wrong = await DryRunAsync(server, """{ "Alow": [ "*.example.com" ] }""", token, cookies);
        JsonNode garbage = await DryRunAsync(server, "{ nonsense", token, cookies);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)changed["changed"]!, Is.EqualTo(2));
            Assert.That((int)changed["rows"]!.AsArray().Single()!["times"]!, Is.EqualTo(2));
            Assert.That((string)changed["rows"]!.AsArray().Single()!["after"]!, Is.EqualTo("blocked"));
            Assert.That((int)same["changed"]!, Is.Zero);
            Assert.That(wrong["problems"]!.ToJsonString(), Does.Contain("Alow"));
            Assert.That(garbage["problems"]!.AsArray(), Is.Not.Empty);
            Assert.That(server.Namespace.Policy.Current.Version, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Get_WhatIsNotThere_404()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        foreach (string path in new[] { "/_outbound/nothing.js", "/_outbound/api/namespaces/staging/records", "/_outbound/..%2fappsettings.json" })
        {
            using HttpResponseMessage response = await server.Client.GetAsync(path);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }

    [Test]
    public async Task Get_PageWithoutTheSlash_IsSentThere()
    {
        await using DashboardServer server = await DashboardServer.StartAsync();

        using HttpResponseMessage response = await server.Client.GetAsync("/_outbound?tenant=shop");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(response.Headers.Location?.OriginalString, Is.EqualTo("/_outbound/?tenant=shop"));
    }

    [Test]
    public void MapOutboundDashboard_NothingWasAdded_ThrowsAndNamesTheCall()
    {
        WebApplicationBuilder without = WebApplication.CreateSlimBuilder();
        without.Services.AddDispatchNamespace("production");

        Assert.That(() => WebApplication.CreateSlimBuilder().Build().MapOutboundDashboard(), Throws.InvalidOperationException.With.Message.Contains("AddDispatchNamespace"));
        Assert.That(() => without.Build().MapOutboundDashboard(), Throws.InvalidOperationException.With.Message.Contains("AddOutboundDashboard()"));
    }

    private static async Task<JsonNode> GetAsync(DashboardServer server, string path) => JsonNode.Parse(await server.Client.GetStringAsync(Api + path))!;

    private static async Task<JsonNode> DryRunAsync(DashboardServer server, string policy, string token, string cookies)
    {
        using HttpResponseMessage response = await server.PostAsync("dry-run", token, cookies, policy);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
