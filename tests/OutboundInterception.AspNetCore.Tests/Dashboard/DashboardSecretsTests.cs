using System.Net;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

/// <summary>What a tenant or a worker sends of secrets is in nothing that the page can show.</summary>
[CancelAfter(60_000)]
public class DashboardSecretsTests
{
    private static readonly string[] s_places =
        ["path", "query", "userinfo", "authorization", "cookie", "apikey", "custom", "body", "worker-header", "worker-query", "answer-header", "answer-cookie", "answer-body", "reason"];

    [Test]
    public async Task EveryEndpoint_AfterSecretsWereUsed_HasNoneOfThem(CancellationToken cancellationToken)
    {
        Dictionary<string, string> secrets = s_places.ToDictionary(static place => place, static _ => "s3cr3t" + Guid.NewGuid().ToString("N"));
        await using DashboardServer server = await DashboardServer.StartAsync(
            static page => page.AllowKillSwitch(),
            tenant: async (_, context, token) =>
            {
                foreach (string url in new[] { $"https://api.example.com/reset/{secrets["path"]}?token={secrets["query"]}", $"https://user:{secrets["userinfo"]}@api.example.com/", "https://refused.example/" + secrets["path"] })
                {
                    using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new StringContent(secrets["body"]) };
                    request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secrets["authorization"]);
                    request.Headers.TryAddWithoutValidation("Cookie", "session=" + secrets["cookie"]);
                    request.Headers.TryAddWithoutValidation("X-Api-Key", secrets["apikey"]);
                    request.Headers.TryAddWithoutValidation("X-Custom", secrets["custom"]);
                    try
                    {
                        using HttpResponseMessage response = await context.FetchAsync(request, token);
                        await response.Content.ReadAsByteArrayAsync(token);
                    }
                    catch (HttpRequestException)
                    {
                        // Refused ones are recorded too.
                    }
                }

                return new HttpResponseMessage();
            },
            worker: async (request, context, token) =>
            {
                request.Headers.TryAddWithoutValidation("X-Signed", secrets["worker-header"]);
                request.RequestUri = new Uri(request.RequestUri!, "?key=" + secrets["worker-query"]);
                await Task.Yield();
                HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new StringContent(secrets["answer-body"]), ReasonPhrase = secrets["reason"] };
                response.Headers.TryAddWithoutValidation("X-Answer", secrets["answer-header"]);
                response.Headers.TryAddWithoutValidation("Set-Cookie", "id=" + secrets["answer-cookie"]);
                return response;
            });
        await server.DispatchAsync();
        string text = await server.ReadEverythingAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Records, Has.Count.EqualTo(3));
            Assert.That(text, Does.Contain("X-Api-Key").And.Contain("api.example.com").And.Contain("refused.example"));
            foreach ((string place, string secret) in secrets)
            {
                Assert.That(text.Contains(secret, StringComparison.Ordinal), Is.False, place);
            }
        }
    }
}
