using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.Browser.Tests;

/// <summary>A platform of tenants in each state that the page has something to say about, with an origin of its own.</summary>
internal sealed class LivePlatform : IAsyncDisposable
{
    /// <summary>What a shell would like to run, and curl itself to take apart.</summary>
    public const string Quoted = "https://api.example.com/$(id)/`id`/';id;'/{a,b}/[1-3]?x=\n&y=\"";

    /// <inheritdoc cref="Quoted"/>
    public const string QuotedMethod = "A'`id`'$HOME";

    /// <inheritdoc cref="Quoted"/>
    public const string QuotedHeader = "text/plain;q='$(id)\"";

    private readonly TaskCompletionSource _isBusy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _origin = null!;
    private WebApplication _app = null!;
    private int _asked;

    public string Url => _app.Urls.First();

    public string Dashboard => Url + "/_outbound/";

    /// <param name="url">Where it serves, for one that comes up again in the place of another.</param>
    /// <param name="isElsewhere">Whether browsers seem to be on another machine.</param>
    public static async Task<LivePlatform> StartAsync(string url = "http://127.0.0.1:0", bool isElsewhere = false)
    {
        LivePlatform platform = new();
        platform._origin = Create("http://127.0.0.1:0", static _ => { });
        platform._origin.Run(platform.AnswerAsync);
        await platform._origin.StartAsync();
        platform._app = Create(url, platform.Configure);
        if (isElsewhere)
        {
            platform._app.Use(static (http, next) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
                return next(http);
            });
        }

        platform._app.MapOutboundDashboard();
        await platform._app.StartAsync();
        return platform;
    }

    public async Task DispatchAsync(string tenant)
    {
        using HttpResponseMessage response = await FetchAsync(tenant);
    }

    /// <summary>Has a dispatch that has made three of its ten subrequests and goes on until the platform ends.</summary>
    public async Task BeBusyAsync()
    {
        _ = FetchAsync("busy", new DispatchOptions { Limits = new DispatchLimits { Subrequests = 10 } });
        await _isBusy.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await _app.DisposeAsync();
        await _origin.DisposeAsync();
    }

    private static WebApplication Create(string url, Action<IServiceCollection> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        configure(builder.Services);
        return builder.Build();
    }

    private static async Task GetAsync(TenantContext context, string url, CancellationToken token, string method = "GET")
    {
        using HttpRequestMessage request = new(new HttpMethod(method), url);
        request.Headers.TryAddWithoutValidation("Accept", QuotedHeader);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer of-the-tenant");
        try
        {
            using HttpResponseMessage response = await context.Http.SendAsync(request, token);
            await response.Content.ReadAsByteArrayAsync(token);
        }
        catch (HttpRequestException)
        {
            // What is refused or fails is what is to be looked at.
        }
    }

    private Task<HttpResponseMessage> FetchAsync(string tenant, DispatchOptions? options = null) =>
        _app.Services.GetRequiredKeyedService<DispatchNamespace>("production").Get(tenant, options)
            .FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.example/"));

    private void Configure(IServiceCollection services) => services.AddDispatchNamespace("production")
        .AddTenant("wandering", static async (_, context, token) =>
        {
            await GetAsync(context, "https://api.example.com/redirect", token);
            await GetAsync(context, "https://api.example.com/flaky", token);
            return new HttpResponseMessage();
        })
        .AddTenant("quoting", static async (_, context, token) =>
        {
            await GetAsync(context, Quoted, token, QuotedMethod);
            await GetAsync(context, Quoted.Replace("\n", "", StringComparison.Ordinal), token);
            return new HttpResponseMessage();
        })
        .AddTenant("broken", static async (_, context, token) =>
        {
            await GetAsync(context, "https://broken.example.com/", token);
            return new HttpResponseMessage();
        })
        .AddTenant("busy", async (_, context, token) =>
        {
            for (int index = 0; index < 3; index++)
            {
                await GetAsync(context, "https://api.example.com/", token);
            }

            _isBusy.TrySetResult();
            await _release.Task.WaitAsync(token);
            return new HttpResponseMessage();
        })
        .ConfigurePolicy(static policy => policy.AllowHosts("api.example.com", "broken.example.com"))
        .Configure(static options => options.Records.Url = RecordedUrl.PathAndQuery)
        .AddResilience(static options =>
        {
            options.Retry!.BaseDelay = TimeSpan.Zero;
            options.CircuitBreaker = new CircuitBreakerOptions { MinimumThroughput = 2, FailureRatio = 1, BreakDuration = TimeSpan.FromMinutes(5) };
        })
        .ConfigureConnections(static options => options.ResolveAsync = static (_, _) => throw new SocketException((int)SocketError.HostNotFound))
        .Route("api.example.com", _origin.Urls.First())
        .AddOutboundDashboard();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/redirect")
        {
            http.Response.Redirect("https://elsewhere.example/");
            return;
        }

        http.Response.StatusCode = http.Request.Path == "/flaky" && Interlocked.Increment(ref _asked) % 2 == 1 ? 503 : 200;
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync("answer");
    }
}
