using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

/// <summary>What a tenant tries between two decisions, or where a limit does not seem to look.</summary>
[CancelAfter(60_000)]
public class BoundaryTests
{
    [Test]
    public async Task FetchAsync_BytesInHeaders_Bounded([Values] bool isOfBody, [Values] bool isMany)
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(http =>
        {
            Interlocked.Increment(ref requests);
            return Task.CompletedTask;
        });
        Exception? failure = null;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            HttpRequestMessage request = new(HttpMethod.Post, "http://api.example.com/") { Content = new ByteArrayContent([]) };
            for (int index = 0; index < (isMany ? 20_000 : 1); index++)
            {
                string name = isOfBody && !isMany ? "Content-Language" : $"X-{index}";
                string value = isMany ? "1234" : new string('x', 200_000);
                (isOfBody ? (HttpHeaders)request.Content.Headers : request.Headers).TryAddWithoutValidation(name, value);
            }

            failure = await FailureAsync(() => context.FetchAsync(request, token));
            return new HttpResponseMessage();
        });
        (await platform.FetchAsync()).Dispose();

        Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Header));
        Assert.That(requests, Is.Zero);
    }

    [Test]
    public async Task ConnectWebSocketAsync_BytesInHeaders_Bounded([Values] bool isSubProtocol)
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(http =>
        {
            Interlocked.Increment(ref requests);
            return Task.CompletedTask;
        });
        Exception? failure = null;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            WebSocketConnectOptions options = new();
            for (int index = 0; index < 20; index++)
            {
                string text = new('x', 10_000);
                if (isSubProtocol)
                {
                    options.SubProtocols.Add($"{text}{index}");
                }
                else
                {
                    options.Headers[$"X-{index}"] = text;
                }
            }

            failure = await FailureAsync(async () =>
            {
                (await context.ConnectWebSocketAsync(new Uri("ws://api.example.com/"), options, token)).Dispose();
                return new HttpResponseMessage();
            });
            return new HttpResponseMessage();
        });
        (await platform.FetchAsync()).Dispose();

        Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Header));
        Assert.That(requests, Is.Zero);
    }

    [Test]
    public async Task FetchAsync_PolicyIsReplacedBetweenTwoHops_TheNextHopIsDecidedByTheNew()
    {
        Platform? used = null;
        int followed = 0;
        await using Origin origin = await Origin.StartAsync(http =>
        {
            if (http.Request.Path == "/next")
            {
                followed++;
                return Task.CompletedTask;
            }

            used!.Namespace.Policy.Replace(PolicyFixture.Policy(policy => policy.AllowHosts("api.example.com").Deny(rule => rule.PathPrefixes("/next"))));
            http.Response.Redirect("/next");
            return Task.CompletedTask;
        });
        Exception? failure = null;
        await using Platform platform = used = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                failure = await FailureAsync(() => context.Http.GetAsync("http://api.example.com/", token));
                return new HttpResponseMessage();
            },
            builder => builder.ConfigurePolicy(policy => policy.AllowHosts("api.example.com")));
        (await platform.FetchAsync()).Dispose();

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>());
        Assert.That(followed, Is.Zero);
        Assert.That(platform.Records.Select(record => record.Decision), Is.EqualTo(new[] { SubrequestDecision.Sent, SubrequestDecision.Blocked }));
    }

    [Test]
    public async Task FetchAsync_TenantIsKilledBetweenTwoHops_NothingMoreIsSentByItAgain()
    {
        Platform? used = null;
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(http =>
        {
            requests++;
            used!.Namespace.Policy.Kill("tenant");
            http.Response.Redirect("/next");
            return Task.CompletedTask;
        });
        await using Platform platform = used = Platform.Create(origin, static (_, context, token) => context.Http.GetAsync("http://api.example.com/", token));

        Exception? first = await FailureAsync(() => platform.FetchAsync());
        Exception? again = await FailureAsync(() => platform.FetchAsync());

        Assert.That(first, Is.InstanceOf<OperationCanceledException>());
        Assert.That(again, Is.Not.Null);
        Assert.That(requests, Is.EqualTo(1));
    }

    [Test]
    public async Task FetchAsync_BodiesThatNobodyReads_HoldTheirPlaces()
    {
        await using Origin origin = await Origin.StartAsync(static http => http.Response.WriteAsync("body"));
        Exception? third = null;
        HttpStatusCode afterwards = default;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            HttpResponseMessage first = await GetAsync();
            using HttpResponseMessage second = await GetAsync();
            third = await FailureAsync(GetAsync);
            first.Dispose();
            using HttpResponseMessage last = await GetAsync();
            afterwards = last.StatusCode;
            return new HttpResponseMessage();

            Task<HttpResponseMessage> GetAsync() => context.Http.GetAsync("http://api.example.com/", HttpCompletionOption.ResponseHeadersRead, token);
        });
        (await platform.FetchAsync(new DispatchOptions { Limits = new() { ConcurrentSubrequests = 2 } })).Dispose();

        Assert.That(third, Is.TypeOf<DispatchLimitException>().With.Property("Limit").EqualTo(DispatchLimit.ConcurrentSubrequests));
        Assert.That(afterwards, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<Exception?> FailureAsync(Func<Task<HttpResponseMessage>> fetch)
    {
        try
        {
            (await fetch()).Dispose();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
