using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>
/// Four tenants share one host name, and their policies differ and change all the time. Version <c>n</c> of the policy
/// admits tenant <c>t</c> to <c>/t/n/</c> alone, so each answer tells which version of whose policy decided.
/// </summary>
[Category("Load")]
[CancelAfter(300_000)]
internal sealed class LoadTests
{
    private const int Concurrency = 64;
    private const int Reloads = 300;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_reload = TimeSpan.FromMilliseconds(50);
    private static readonly string[] s_tenants = ["a", "b", "c", "d"];
    private static readonly OutboundParameter<string> s_caller = new("caller");

    private readonly ConcurrentDictionary<string, int> _seen = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private long _acknowledged = 1;
    private long _proposed = 1;
    private long _lastId;
    private long _sent;
    private long _blocked;

    [Test]
    public async Task FetchAsync_PoliciesChangeUnderLoad_EachSubrequestIsDecidedByItsOwnAndTheNewest()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        await using Platform platform = Platform.Create(builder =>
        {
            builder.Route("shared.example.com", origin.Url)
                .Configure(static options => options.ExposeOutboundErrors = true)
                .ConfigureConnections(static options => options.ConnectTimeout = TimeSpan.FromMinutes(2))
                .AddOutboundWorker(
                    _ => new DelegateWorker((request, context, token) =>
                    {
                        request.Headers.Add("X-Caller", context.Get(s_caller));
                        return context.SendAsync(request, token);
                    }),
                    s_caller)
                .ConfigurePolicy(policy => Configure(policy, 1));
            foreach (string tenant in s_tenants)
            {
                builder.AddTenant(tenant, FetchAsync);
            }
        });
        using CancellationTokenSource ended = new();

        // As long as it takes on a busy machine until there were that many.
        Task reloads = ReloadAsync(platform.Namespace.Policy, ended);
        await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(index => Task.Run(() => CallAsync(platform, new Random(index), ended.Token))));
        await reloads;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_wrong, Is.Empty);
            Assert.That(_seen.Values, Is.All.EqualTo(1));
            Assert.That(_seen, Has.Count.EqualTo(_sent));
            Assert.That(_sent, Is.GreaterThan(100));
            Assert.That(_blocked, Is.GreaterThan(100));
            Assert.That(_acknowledged, Is.GreaterThanOrEqualTo(Reloads));
            Assert.That(platform.Namespace.Policy.Current.Version, Is.EqualTo(_acknowledged), "none is lost");
            Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
        }
    }

    private static void Configure(OutboundPolicyBuilder policy, long version)
    {
        policy.DenyHosts("denied.example.com");
        foreach (string tenant in s_tenants)
        {
            policy.ForTenant(tenant, rules => rules.Allow(rule => rule.Hosts("shared.example.com").PathPrefixes($"/{tenant}/{version}/")));
        }
    }

    private static async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken token) =>
        new() { Content = new StringContent(await context.Http.GetStringAsync($"https://shared.example.com{request.RequestUri!.AbsolutePath}", token)) };

    private Task EchoAsync(HttpContext context)
    {
        _seen.AddOrUpdate(context.Request.Path.Value!, 1, static (_, count) => count + 1);
        return context.Response.WriteAsync($"{context.Request.Headers["X-Caller"]} {context.Request.Path}");
    }

    private async Task ReloadAsync(OutboundPolicyStore policy, CancellationTokenSource ended)
    {
        using PeriodicTimer timer = new(s_reload, TimeProvider.System);
        long start = TimeProvider.System.GetTimestamp();
        for (long version = 2; !ended.IsCancellationRequested; version++)
        {
            Volatile.Write(ref _proposed, version);
            policy.Replace(builder => Configure(builder, version));
            Volatile.Write(ref _acknowledged, version);
            await timer.WaitForNextTickAsync(CancellationToken.None);
            if (version >= Reloads && TimeProvider.System.GetElapsedTime(start) >= s_duration)
            {
                await ended.CancelAsync();
            }
        }
    }

    private async Task CallAsync(Platform platform, Random random, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            string tenant = s_tenants[random.Next(s_tenants.Length)];
            string owner = random.Next(8) == 0 ? s_tenants[random.Next(s_tenants.Length)] : tenant;
            long acknowledged = Volatile.Read(ref _acknowledged);
            long version = acknowledged + random.Next(4) switch { 0 => -1, 1 => 1, _ => 0 };
            string path = string.Create(CultureInfo.InvariantCulture, $"/{owner}/{version}/{Interlocked.Increment(ref _lastId)}");
            string? answer = await SendAsync(platform, tenant, path);
            long proposed = Volatile.Read(ref _proposed);

            // Sent: by a version that was in force between the two readings. Blocked: there must have been another one.
            bool mayBeSent = owner == tenant && version >= acknowledged && version <= proposed;
            bool mustBeSent = mayBeSent && version == acknowledged && proposed == acknowledged;
            if (answer is null ? mustBeSent : !mayBeSent || answer != $"{tenant} {path}")
            {
                _wrong.Enqueue($"{tenant} {path} (in force: {acknowledged} to {proposed}): {answer ?? "blocked"}");
            }
        }
    }

    private async Task<string?> SendAsync(Platform platform, string tenant, string path)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"https://{tenant}.apps.example.com{path}");
            using HttpResponseMessage response = await platform.Namespace
                .Get(tenant, new DispatchOptions().With(s_caller, tenant))
                .FetchAsync(request);
            string answer = await response.Content.ReadAsStringAsync();
            Interlocked.Increment(ref _sent);
            return answer;
        }
        catch (OutboundBlockedException)
        {
            Interlocked.Increment(ref _blocked);
            return null;
        }
        catch (HttpRequestException exception)
        {
            return exception.ToString();
        }
    }
}
