using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

/// <summary>A platform on a loopback port whose one tenant, <c>shop</c>, calls an origin; with the page.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardServer(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    /// <summary>A browser on the same machine, as it were; it sends the cookies that it is given.</summary>
    public HttpClient Client { get; }

    public DispatchNamespace Namespace => _app.Services.GetRequiredKeyedService<DispatchNamespace>("production");

    public static async Task<DashboardServer> StartAsync(
        Action<OutboundDashboardConventionBuilder>? dashboard = null,
        Action<WebApplication>? application = null,
        Action<IServiceCollection>? services = null,
        TenantDelegate? tenant = null,
        Func<HttpRequestMessage, OutboundContext, CancellationToken, Task<HttpResponseMessage>>? worker = null,
        Action<IDispatchNamespaceBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        services?.Invoke(builder.Services);
        IDispatchNamespaceBuilder production = builder.Services.AddDispatchNamespace("production")
            .AddTenant("shop", tenant ?? (static (request, context, token) => context.FetchAsync(
                new HttpRequestMessage(HttpMethod.Get, "https://api.example.com" + request.RequestUri!.AbsolutePath), token)))
            .AddOutboundWorker(_ => new Answers(worker))
            .ConfigurePolicy(static policy => policy.AllowHosts("api.example.com"))
            .AddOutboundDashboard();
        configure?.Invoke(production);
        WebApplication app = builder.Build();
        application?.Invoke(app);
        OutboundDashboardConventionBuilder mapped = app.MapOutboundDashboard();
        dashboard?.Invoke(mapped);
        await app.StartAsync();
        return new DashboardServer(app);
    }

    public IReadOnlyList<SubrequestRecord> Records => _app.Services.GetRequiredKeyedService<SubrequestRing>("production").Snapshot();

    /// <summary>Lets the tenant make one subrequest.</summary>
    public async Task DispatchAsync(string path = "/orders")
    {
        using HttpResponseMessage response = await Namespace.Get("shop").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://shop.example" + path));
        await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>All that the page can show, as text.</summary>
    public async Task<string> ReadEverythingAsync(CancellationToken cancellationToken)
    {
        const string api = "/_outbound/api/namespaces/production/";
        StringBuilder shown = new();
        string[] dispatches = [.. Records.Select(static record => "dispatches/" + record.DispatchId).Distinct()];
        foreach (string path in (string[])["summary", "records", "har", "tenants", "tenants/shop", .. dispatches])
        {
            shown.AppendLine(await Client.GetStringAsync(api + path, cancellationToken));
        }

        (string cookies, string token) = await OpenAsync();
        using HttpResponseMessage tried = await PostAsync("dry-run", token, cookies, """{ "Deny": [ "**" ] }""");
        shown.AppendLine(await tried.Content.ReadAsStringAsync(cancellationToken));
        using HttpResponseMessage feed = await Client.GetAsync(api + "feed?from=0", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using StreamReader reader = new(await feed.Content.ReadAsStreamAsync(cancellationToken));
        string? line;
        do
        {
            line = await reader.ReadLineAsync(cancellationToken);
            shown.AppendLine(line);
        }
        while (line is not null && !line.StartsWith("data:", StringComparison.Ordinal));
        return shown.ToString();
    }

    /// <summary>Opens the page and takes its token, for what changes something.</summary>
    public async Task<(string Cookies, string Token)> OpenAsync()
    {
        using HttpResponseMessage page = await Client.GetAsync("/_outbound/");
        string[] cookies = [.. page.Headers.GetValues("Set-Cookie").Select(static cookie => cookie.Split(';')[0])];
        string token = Uri.UnescapeDataString(cookies.Single(static cookie => cookie.StartsWith("outbound-dashboard-token=", StringComparison.Ordinal)).Split('=', 2)[1]);
        return (string.Join("; ", cookies), token);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string? token, string cookies, string body = "")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/_outbound/api/namespaces/production/" + path) { Content = new StringContent(body) };
        request.Headers.Add("Cookie", cookies);
        if (token is not null)
        {
            request.Headers.Add("X-Outbound-Antiforgery", token);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Lets requests seem to come from elsewhere, as they do on a server that others can reach.</summary>
    public static void FromElsewhere(WebApplication app) => app.Use(static (http, next) =>
    {
        http.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
        return next(http);
    });

    private sealed class Answers(Func<HttpRequestMessage, OutboundContext, CancellationToken, Task<HttpResponseMessage>>? own) : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            own is not null ? own(request, context, cancellationToken) : Task.FromResult(new HttpResponseMessage { Content = new StringContent("answered") });
    }
}
