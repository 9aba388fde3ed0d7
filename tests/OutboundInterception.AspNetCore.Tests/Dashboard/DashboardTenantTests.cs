using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

/// <summary>What the page says of one tenant while it is at work.</summary>
[CancelAfter(60_000)]
public class DashboardTenantTests
{
    private const string Api = "/_outbound/api/namespaces/production/";

    [Test]
    public async Task Tenant_DispatchWithLimitsOfItsOwn_ShowsHowMuchOfThoseIsUsed(CancellationToken cancellationToken)
    {
        TaskCompletionSource<int> made = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DashboardServer server = await DashboardServer.StartAsync(tenant: async (_, context, token) =>
        {
            for (int index = 0; index < 3; index++)
            {
                using HttpRequestMessage request = new(HttpMethod.Post, "https://api.example.com/") { Content = new StringContent("12345") };
                using HttpResponseMessage response = await context.FetchAsync(request, token);
                await response.Content.ReadAsByteArrayAsync(token);
            }

            made.TrySetResult(3);
            await release.Task.WaitAsync(token);
            return new HttpResponseMessage();
        });
        DispatchOptions options = new() { Limits = new DispatchLimits { Subrequests = 10, ResponseBytes = 100, Deadline = TimeSpan.FromSeconds(77) } };
        Task<HttpResponseMessage> own = server.Namespace.Get("shop", options).FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://shop.example/"), cancellationToken);
        await made.Task.WaitAsync(cancellationToken);

        JsonNode during = await GetAsync(server, "tenants/shop");
        release.SetResult();
        (await own).Dispose();
        JsonNode after = await GetAsync(server, "tenants/shop");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Limit(during, "Subrequests"), Is.EqualTo((10, (double?)3)));
            Assert.That(Limit(during, "Response bytes"), Is.EqualTo((100, (double?)24)));
            Assert.That(Limit(during, "Deadline"), Is.EqualTo((77, (double?)null)));
            Assert.That(during["dispatches"]!.AsArray(), Has.Count.EqualTo(1));
            Assert.That(Limit(after, "Subrequests"), Is.EqualTo((1000, (double?)0)));
            Assert.That(after["dispatches"]!.AsArray(), Is.Empty);
        }
    }

    [Test]
    public async Task Tenant_OriginFails_ShowsTheOpenCircuit()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            worker: static (request, context, token) => context.SendAsync(request, token),
            tenant: static async (_, context, token) =>
            {
                for (int index = 0; index < 4; index++)
                {
                    await Assert.ThatAsync(() => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token), Throws.InstanceOf<HttpRequestException>());
                }

                return new HttpResponseMessage();
            },
            configure: static builder => builder
                .ConfigureConnections(static options => options.ResolveAsync = static (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound))
                .AddResilience(static options =>
                {
                    options.Retry = null;
                    options.CircuitBreaker = new CircuitBreakerOptions { MinimumThroughput = 2, BreakDuration = TimeSpan.FromMinutes(5) };
                }));

        await server.DispatchAsync();
        JsonNode circuit = (await GetAsync(server, "tenants/shop"))["circuits"]!.AsArray().Single()!;

        Assert.That(((string?)circuit["authority"], (string?)circuit["state"]), Is.EqualTo(("https://api.example.com", "Open")));
    }

    [Test]
    public async Task Records_InReportMode_AreFoundByTheFilter()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(
            tenant: static async (_, context, token) =>
            {
                foreach (string host in new[] { "api.example.com", "other.example" })
                {
                    using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, $"https://{host}/"), token);
                }

                return new HttpResponseMessage();
            },
            configure: static builder => builder.ConfigurePolicy(static policy => policy.ForTenant("shop", static shop => shop.Mode(PolicyMode.Report))));

        await server.DispatchAsync();
        JsonNode hit = (await GetAsync(server, "records?decision=report"))["records"]!.AsArray().Single()!;

        Assert.That(((string?)hit["host"], (bool)hit["wouldBlock"]!, (string?)hit["mode"]), Is.EqualTo(("other.example", true, "report")));
    }

    [TestCase("", 1, 60)]
    [TestCase("?minutes=1", 1, 60)]
    [TestCase("?minutes=5", 5, 60)]
    [TestCase("?minutes=15", 15, 90)]
    [TestCase("?minutes=99999999999", 1, 60)]
    public async Task Summary_OfEachSpan_CoversIt(string query, int minutes, int points)
    {
        await using DashboardServer server = await DashboardServer.StartAsync();
        await server.DispatchAsync();

        JsonNode summary = await GetAsync(server, "summary" + query);
        JsonArray series = summary["series"]!.AsArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)summary["minutes"]!, Is.EqualTo(minutes));
            Assert.That(series, Has.Count.EqualTo(points));
            Assert.That((long)series[^1]!["time"]! - (long)series[0]!["time"]!, Is.EqualTo((minutes * 60) - (minutes * 60 / points)));
            Assert.That(series.Sum(static point => (int)point!["count"]!), Is.EqualTo(1));
        }
    }

    private static (double Limit, double? Used) Limit(JsonNode tenant, string name)
    {
        JsonNode limit = tenant["limits"]!.AsArray().Single(limit => (string?)limit!["name"] == name)!;
        return ((double)limit["limit"]!, (double?)limit["used"]);
    }

    private static async Task<JsonNode> GetAsync(DashboardServer server, string path) => JsonNode.Parse(await server.Client.GetStringAsync(Api + path))!;
}
